import { about } from './compare-entry.ts';
import { type Compared, type Comparison, entryInAd } from './comparison.ts';
import { dnKey } from './dn.ts';

/** The manager of a live user: the entry of whom the cloud names, nobody where AD has no such entry. */
export function compareManager(comparison: Comparison, compared: Compared): void {
  const { tenant, index } = comparison;
  const { entry, findings, id } = compared;
  const named = tenant.managers.get(id);
  const wanted = named === undefined ? undefined : entryInAd(comparison, named);
  const dn = entry.values.get('manager')?.[0];
  const actual = dn === undefined ? undefined : (index.byDn.get(dnKey(dn))?.guid ?? dn);
  findings.equal(about(compared, 'manager', whatIsWrong(wanted?.guid, actual)), wanted?.guid, actual);
}

function whatIsWrong(wanted: string | undefined, actual: string | undefined): string {
  if (wanted === undefined) return 'should have no manager';
  return actual === undefined ? 'has no manager' : 'has another manager';
}
