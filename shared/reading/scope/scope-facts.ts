import type { Kind, ObjectId } from '../../domain/object-id.ts';
import { needsFacts, type ScopeFacts } from '../../domain/scope.ts';
import type { ScopeRules, Settings } from '../../domain/settings.ts';
import type { Tenant } from '../../ports.ts';
import type { ReaderDeps } from '../reader-deps.ts';

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
  if (purpose === 'look') return factsByQuestion(deps, { kind, rules, ids });
  const lists = await rememberedLists(deps, kind, rules);
  const facts = new Map(ids.map((id) => [id, factsByLists(lists, id)]));
  const leavers = await presentOf(
    deps,
    kind,
    ids.filter((id) => !isAllowed(facts.get(id))),
  );
  for (const [id, fact] of await factsByQuestion(deps, { kind, rules, ids: leavers })) facts.set(id, fact);
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
  deps: ReaderDeps,
  { kind, rules, ids }: { kind: Kind; rules: Restrictions; ids: readonly ObjectId[] },
): Promise<Map<ObjectId, ScopeFacts>> {
  const objects = ids.map((id) => ({ kind, id }));
  const whoIsIn = async (named: readonly ObjectId[]): Promise<Set<ObjectId>> => {
    const groups = objects.length === 0 ? [] : await groupsAmong(deps, named);
    return groups.length === 0 ? new Set() : deps.tenant.within(objects, { groups, nested: rules.nested });
  };
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

/**
 * Those of the named ids that are groups. A deny list names users, too, and a configuration may name what was purged long ago;
 * Graph answers a question about several groups as one, so an id that is none could spoil the answer about the others.
 */
export async function groupsAmong(deps: ReaderDeps, named: readonly ObjectId[]): Promise<ObjectId[]> {
  if (named.length === 0) return [];
  return remembered(deps, `groups ${named.join()}`, async () => {
    const found = await deps.tenant.lookGroups(named);
    return named.filter((id) => found.get(id)?.found !== 'missing');
  });
}

function rememberedLists(deps: ReaderDeps, kind: Kind, rules: Restrictions): Promise<ScopeLists> {
  return remembered(deps, `lists ${kind}`, async () => readScopeLists(deps.tenant, kind, rules));
}

/** By reader: its deps live as long as the process reads. */
const memories = new WeakMap<ReaderDeps, Map<string, { at: number; answer: unknown }>>();

/** Kept shorter than until a second look, so that a look rung for a change corrects what an older answer made of it. */
async function remembered<A>(deps: ReaderDeps, question: string, ask: () => Promise<A>): Promise<A> {
  const memory = memories.get(deps) ?? new Map<string, { at: number; answer: unknown }>();
  memories.set(deps, memory);
  const known = memory.get(question);
  const now = deps.clock.now();
  // What is kept under a question is what was answered to it.
  if (known !== undefined && now - known.at < deps.settings.secondLookMs / 2) return known.answer as A;
  const answer = await ask();
  memory.set(question, { at: now, answer });
  return answer;
}

async function presentOf(deps: ReaderDeps, kind: Kind, ids: readonly ObjectId[]): Promise<ObjectId[]> {
  if (ids.length === 0) return [];
  const rows = await deps.state.rows(kind, ids);
  return ids.filter((id) => rows.get(id)?.state === 'present');
}
