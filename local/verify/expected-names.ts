import anyAscii from 'any-ascii';

/**
 * The names that docs/expected-state.md allows, written out a second time on purpose. What another entry holds cannot be seen
 * afterwards as it was when a name was issued: so these are all candidates, in order, and any of them is right.
 */
export type Person = {
  id: string;
  mailNickname: string | null | undefined;
  /** As it was while the user lived: without the id that Entra puts in front of it. */
  userPrincipalName: string;
};

/** sAMAccountName of a user: at most 20 characters. */
export function userAccountNames({ id, mailNickname, userPrincipalName }: Person): string[] {
  const prefix = userPrincipalName.split('@')[0];
  const text = plain(mailNickname, '.') || plain(prefix, '.');
  return issuable(numbered(text, id, 20), `u-${digits(id).slice(0, 18)}`);
}

/** sAMAccountName of a group: at most 64 characters. */
export const groupAccountNames = (group: { id: string; displayName?: string | null | undefined }): string[] =>
  issuable(numbered(plain(group.displayName, '-'), group.id, 64), `g-${digits(group.id).slice(0, 18)}`);

/** userPrincipalName: the cloud's where the forest knows the suffix, else the part before `@` at the domain. */
export function principalNames(
  person: Person,
  forest: { domain: string; suffixes: ReadonlySet<string> },
): string[] {
  const [prefix, suffix = ''] = person.userPrincipalName.split('@');
  if (forest.suffixes.has(suffix.toLowerCase())) return [person.userPrincipalName];
  return numbered(plain(prefix, '.'), person.id, 64).map((name) => `${name}@${forest.domain}`);
}

/** The one cn of a user or group. */
export function commonName(displayName: string | null | undefined, id: string): string {
  const shown = (displayName ?? '').replaceAll(/\p{Cc}/gu, ' ').trim();
  return `${cut(shown, 51)}_${digits(id).slice(-12)}`;
}

/** The first UTF-16 units, without half a surrogate pair at the end. */
export function cut(text: string, longest: number): string {
  const short = text.slice(0, longest);
  return /[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short;
}

/** A name as AD compares it: without case and diacritics. */
export const folded = (name: string): string =>
  name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');

const reserved = new Set([
  ...['administrator', 'guest', 'krbtgt', 'defaultaccount', 'wdagutilityaccount', 'system'],
  ...['local service', 'network service', 'self', 'everyone', 'anonymous'],
]);

const issuable = (names: string[], last: string): string[] => [
  ...names.filter((name) => !reserved.has(name.toLowerCase()) && !/\$$|^\d+$/.test(name)),
  last,
];

function plain(text: string | null | undefined, space: '.' | '-'): string {
  const ascii = anyAscii((text ?? '').replaceAll(/\p{Cc}/gu, ' ')).replaceAll(/[^A-Za-z0-9._\s-]/g, '');
  return trimmed(ascii.trim().replaceAll(/\s+/g, space));
}

const trimmed = (text: string) => text.replace(/^[._-]+/, '').replace(/[._-]+$/, '');

function numbered(text: string, id: string, longest: number): string[] {
  if (text === '') return [];
  const endings = ['', '2', '3', '4', '5', '6', '7', '8', '9', `-${digits(id).slice(-4)}`];
  return endings.map((ending) => `${trimmed(text.slice(0, longest - ending.length))}${ending}`);
}

const digits = (id: string) => id.replaceAll('-', '');
