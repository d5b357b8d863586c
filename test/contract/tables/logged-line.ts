import type { Logged } from './opened.ts';

const texts = ['id', 'of', 'cause', 'outcome', 'relay', 'traceId'] as const;
const optionalTexts = ['state', 'asked', 'code', 'reason', 'objectGuid', 'objectSid', 'account'] as const;
const counts = ['added', 'removed'] as const;
const lists = ['changed', 'missing', 'omitted', 'memberOf', 'reports', 'holders', 'notices'] as const;
const times = ['event', 'ring', 'command', 'commit'] as const;

/**
 * What a row of the log table says, read by the names of its columns: those that people's queries name. Written beside the adapter, not
 * with it, so that a column that is lost or renamed there is missed here.
 */
export function loggedLine(columns: Record<string, unknown>): Logged {
  const given = (names: readonly string[]): string[] => names.filter((name) => columns[name] !== undefined);
  const at = times.filter((name) => columns[`${name}At`] !== undefined);
  return Object.fromEntries([
    ...[...texts, ...given(optionalTexts)].map((name) => [name, columns[name]]),
    ...counts.map((name) => [name, Number(columns[name])]),
    ...lists.map((name) => [name, listOf(columns[name])]),
    ['times', Object.fromEntries(at.map((name) => [name, Number(columns[`${name}At`])]))],
  ]) as Logged;
}

/** A list that is empty has no column. */
const listOf = (text: unknown): unknown => (typeof text === 'string' ? JSON.parse(text) : []);
