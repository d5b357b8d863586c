import type { Verdict } from './compare.ts';
import type { Difference } from './findings.ts';

const longestList = 40;

/** The verdict as an administrator reads it: the result first, then what differs, one line each. */
export function reportLines(verdict: Verdict): string[] {
  const { users, groups, memberships } = verdict.counts;
  const held = `${users} users, ${groups} groups and ${memberships} memberships`;
  const compared = `${verdict.compared.toLocaleString('en')} facts compared`;
  const { differences } = verdict;
  if (differences.length === 0) return [`No difference: AD has ${held}, as the tenant says (${compared}).`];
  const shown = differences.slice(0, longestList).flatMap(differenceLines);
  const rest = differences.length - longestList;
  return [
    `${differences.length} difference${differences.length === 1 ? '' : 's'} between the tenant and AD (${held}; ${compared}):`,
    ...shown,
    ...(rest > 0 ? [`  … and ${rest} more (--json shows all)`] : []),
  ];
}

function differenceLines({ kind, id, dn, what, expected, actual }: Difference): string[] {
  const where = dn ?? id ?? '';
  const values =
    expected === undefined && actual === undefined
      ? []
      : [`      expected ${shown(expected)}, AD has ${shown(actual)}`];
  return [`  ${kind.padEnd(15)} ${where}: ${what}`, ...values];
}

const shown = (value: string | undefined): string =>
  value === undefined ? 'nothing' : JSON.stringify(value);
