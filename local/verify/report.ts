import type { Verdict } from './compare.ts';
import type { Difference } from './findings.ts';

const longestList = 40;

/**
 * The verdict as an administrator reads it: the result first, then what differs, one line each. `values`: with what was expected
 * and what AD has, which are personal data; without, names of attributes only.
 */
export function reportLines(verdict: Verdict, { values }: { values: boolean }): string[] {
  const { users, groups, memberships } = verdict.counts;
  const held = `${users} users, ${groups} groups and ${memberships} memberships`;
  const compared = `${verdict.compared.toLocaleString('en')} facts compared`;
  const { differences } = verdict;
  if (differences.length === 0) return [`No difference: AD has ${held}, as the tenant says (${compared}).`];
  const shown = differences.slice(0, longestList).flatMap((one) => differenceLines(one, values));
  const rest = differences.length - longestList;
  return [
    `${differences.length} difference${differences.length === 1 ? '' : 's'} between the tenant and AD (${held}; ${compared}):`,
    ...shown,
    ...(rest > 0 ? [`  … and ${rest} more (--json shows all)`] : []),
  ];
}

function differenceLines({ kind, id, dn, what, expected, actual }: Difference, values: boolean): string[] {
  const where = dn ?? id ?? '';
  const isTold = values && (expected !== undefined || actual !== undefined);
  const told = isTold ? [`      expected ${shown(expected)}, AD has ${shown(actual)}`] : [];
  return [`  ${kind.padEnd(15)} ${where}: ${what}`, ...told];
}

/** A difference without what was expected and what AD has. */
export const withoutValues = ({ expected: _, actual: __, ...difference }: Difference): Difference =>
  difference;

const shown = (value: string | undefined): string =>
  value === undefined ? 'nothing' : JSON.stringify(value);
