/** Names that Windows gives a meaning of its own, in lower case (docs/expected-state.md, Names). */
const reserved = new Set([
  'administrator',
  'guest',
  'krbtgt',
  'defaultaccount',
  'wdagutilityaccount',
  'system',
  'local service',
  'network service',
  'self',
  'everyone',
  'anonymous',
]);

/** Whether a sAMAccountName must never be issued: reserved, a computer's (`$` at the end), or digits only. */
export function isReserved(name: string): boolean {
  return reserved.has(name.toLowerCase()) || name.endsWith('$') || /^\d+$/.test(name);
}
