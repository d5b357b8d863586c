import type { OnPremises } from './baseline.ts';
import { onPremisesFrom } from './baseline.ts';
import type { Comparison } from './comparison.ts';

/** Entries that should not be there: without a cloud object, without a mark, or changed although they are not ours. */
export function compareRest(comparison: Comparison): void {
  compareExtra(comparison);
  compareForeign(comparison);
  compareOnPremises(comparison);
}

function compareExtra({ tenant, index, findings }: Comparison): void {
  const lists = [tenant.users, tenant.groups, tenant.deletedUsers, tenant.deletedGroups];
  for (const [id, entries] of index.owned) {
    const isKnown = lists.some((list) => list.has(id));
    for (const entry of entries)
      findings.holds(isKnown, {
        kind: 'extra-entry',
        id,
        dn: entry.dn,
        what: 'belongs to nothing in the tenant',
      });
  }
}

function compareForeign({ index, findings }: Comparison): void {
  for (const entry of index.unowned)
    findings.holds(false, {
      kind: 'foreign-entry',
      dn: entry.dn,
      what: 'is in the destination without a mark',
    });
}

/** What is mastered on-premises must be exactly as it was before the first write. */
function compareOnPremises({ directory, baseline, findings }: Comparison): void {
  const now = onPremisesFrom(directory);
  for (const [guid, before] of Object.entries(baseline.onPremises)) {
    const dn = before['distinguishedname']?.[0] ?? guid;
    const after = now[guid];
    if (after === undefined)
      findings.holds(false, { kind: 'synced-touched', dn, what: 'is gone from where it was' });
    else compareValues({ dn, before, after }, findings);
  }
}

type Values = OnPremises[string];

function compareValues(
  { dn, before, after }: { dn: string; before: Values; after: Values },
  findings: Comparison['findings'],
): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const difference = { kind: 'synced-touched' as const, dn, what: name };
    findings.equal(difference, before[name]?.join(' | '), after[name]?.join(' | '));
  }
}
