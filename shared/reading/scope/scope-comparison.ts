import { chunksOf } from '../../domain/chunks-of.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import type { Outgoing, Row } from '../../ports.ts';
import type { CloudObject } from '../kind-rules.ts';
import type { ScopeAsk } from '../merge-rings.ts';
import type { Reading } from '../reading.ts';
import { ringOf } from '../rings.ts';
import { comparisons, ringForScope } from './scope-changes.ts';
import { factsByLists, isAllowed, readScopeLists, restrictionsOf, type ScopeLists } from './scope-facts.ts';

/**
 * Compares everybody's row with the chosen and the denied groups and rings for those where they differ; each of them is then
 * looked at directly, so a lagging list disables nobody. It costs the lists of the groups and one scan of the rows (100,000 rows
 * are 100 requests), and is asked for only when a group changed as a whole.
 */
export async function ringsByComparison<T extends CloudObject>(
  { deps, rules }: Reading<T>,
  ask: ScopeAsk,
): Promise<Outgoing[]> {
  const restrictions = restrictionsOf(deps.writeback, rules.kind);
  if (restrictions === undefined) return [];
  const lists = await readScopeLists(deps.tenant, rules.kind, restrictions);
  const ids: ObjectId[] = [];
  const unknown = new Set(lists.chosen);
  for await (const rows of deps.state.allRows(rules.kind)) {
    for (const row of rows) {
      unknown.delete(row.id);
      if (differs(row, lists)) ids.push(row.id);
    }
  }
  const strangers = [...unknown].filter((id) => !lists.denied.has(id));
  const looks = chunksOf([...ids, ...strangers], 500).map((chunk) =>
    ringOf(deps, {
      ...{ to: rules.doorbell, cause: 'scope', want: { type: 'look', ids: chunk }, origin: ask },
    }),
  );
  const attempt = ask.attempt + 1;
  return attempt < comparisons ? [...looks, ringForScope(deps, rules.kind, { origin: ask, attempt })] : looks;
}

/** Written but not allowed, or allowed but not written. Who left for another reason than scope is not asked about. */
function differs(row: Row, lists: ScopeLists): boolean {
  const allowed = isAllowed(factsByLists(lists, row.id));
  if (row.state === 'present') return !allowed;
  if (!allowed || row.state === 'synced' || row.state === 'released') return false;
  return row.leftFor !== 'softDelete' && row.leftFor !== 'hardDelete';
}
