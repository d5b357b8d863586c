import type { Kind, ObjectId } from '../domain/object-id.ts';
import { needsFacts, type ScopeFacts } from '../domain/scope.ts';
import type { ScopeRules, Settings } from '../domain/settings.ts';
import type { Tenant } from '../ports.ts';
import type { ReaderDeps } from './reader-deps.ts';

/**
 * What properties do not tell of an object's scope: whether it is in one of the chosen groups, and whether it is denied, by
 * its own id or by that of a group it is in (docs/adr/scope-by-groups-is-asked-not-stored.md). Settings without such groups ask nothing.
 *
 *   look   asks about these very objects: as fresh as a direct read
 *   page   a full round asks about everybody: the groups are listed once, and kept for a while; who has an entry and would
 *          leave by those lists is asked about directly first, since a lagging list must not disable anybody
 */
export async function scopeFactsOf(
  deps: ReaderDeps,
  kind: Kind,
  ids: readonly ObjectId[],
  purpose: 'look' | 'page',
): Promise<Map<ObjectId, ScopeFacts>> {
  const rules = restrictionsOf(deps.writeback, kind);
  if (rules === undefined || ids.length === 0) return new Map();
  if (purpose === 'look') return factsByQuestion(deps.tenant, { kind, rules, ids });
  const lists = await rememberedLists(deps, kind, rules);
  const facts = new Map(ids.map((id) => [id, factsByLists(lists, id)]));
  const leavers = await presentOf(
    deps,
    kind,
    ids.filter((id) => !isAllowed(facts.get(id))),
  );
  for (const [id, fact] of await factsByQuestion(deps.tenant, { kind, rules, ids: leavers }))
    facts.set(id, fact);
  return facts;
}

/** The part of a kind's scope that only memberships tell; undefined where there is none. */
export type Restrictions = Pick<ScopeRules<never>, 'groups' | 'nested' | 'deny'>;

export function restrictionsOf({ users, groups }: Settings, kind: Kind): Restrictions | undefined {
  const settings = kind === 'user' ? users : groups;
  return settings !== false && needsFacts(settings.scope) ? settings.scope : undefined;
}

/** Whether the facts leave an object in scope. */
export const isAllowed = (facts: ScopeFacts | undefined): boolean =>
  facts === undefined || (facts.inChosen && !facts.denied);

async function factsByQuestion(
  tenant: Tenant,
  { kind, rules, ids }: { kind: Kind; rules: Restrictions; ids: readonly ObjectId[] },
): Promise<Map<ObjectId, ScopeFacts>> {
  const objects = ids.map((id) => ({ kind, id }));
  const whoIsIn = async (groups: readonly ObjectId[]): Promise<Set<ObjectId>> =>
    groups.length === 0 || objects.length === 0
      ? new Set()
      : tenant.within(objects, { groups, nested: rules.nested });
  const chosen = await whoIsIn(rules.groups);
  const denied = await whoIsIn(rules.deny);
  return new Map(
    ids.map((id) => [
      id,
      {
        inChosen: rules.groups.length === 0 || chosen.has(id),
        denied: denied.has(id) || rules.deny.includes(id),
      },
    ]),
  );
}

/** Everybody whom the rules name. `chosen` undefined: everybody is. */
export type ScopeLists = { chosen: ReadonlySet<ObjectId> | undefined; denied: ReadonlySet<ObjectId> };

/** Lists the chosen and the denied groups, now. */
export async function readScopeLists(tenant: Tenant, kind: Kind, rules: Restrictions): Promise<ScopeLists> {
  const everyone = async (groups: readonly ObjectId[]): Promise<Set<ObjectId>> => {
    if (groups.length === 0) return new Set();
    const found = await tenant.everyoneWithin({ groups, nested: rules.nested });
    return kind === 'user' ? found.users : found.groups;
  };
  const chosen = rules.groups.length === 0 ? undefined : await everyone(rules.groups);
  const denied = await everyone(rules.deny);
  for (const id of rules.deny) denied.add(id);
  return { chosen, denied };
}

export function factsByLists({ chosen, denied }: ScopeLists, id: ObjectId): ScopeFacts {
  return { inChosen: chosen === undefined || chosen.has(id), denied: denied.has(id) };
}

/** By reader: its deps live as long as the process reads. */
const memories = new WeakMap<ReaderDeps, Map<Kind, { at: number; lists: ScopeLists }>>();

/** Younger than a second look, so that a look rung for a change corrects what a page said by an older list. */
const lifetimeOf = ({ settings }: ReaderDeps): number => settings.secondLookMs / 2;

async function rememberedLists(deps: ReaderDeps, kind: Kind, rules: Restrictions): Promise<ScopeLists> {
  const memory = memories.get(deps) ?? new Map<Kind, { at: number; lists: ScopeLists }>();
  memories.set(deps, memory);
  const known = memory.get(kind);
  const now = deps.clock.now();
  if (known !== undefined && now - known.at < lifetimeOf(deps)) return known.lists;
  const lists = await readScopeLists(deps.tenant, kind, rules);
  memory.set(kind, { at: now, lists });
  return lists;
}

async function presentOf(deps: ReaderDeps, kind: Kind, ids: readonly ObjectId[]): Promise<ObjectId[]> {
  if (ids.length === 0) return [];
  const rows = await deps.state.rows(kind, ids);
  return ids.filter((id) => rows.get(id)?.state === 'present');
}
