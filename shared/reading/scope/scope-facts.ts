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
 *   page   a full round asks about everybody: the groups are listed once, and the lists kept until its last page. Hours may pass
 *          until then, and a list may lag, so neither makes anybody leave or return: who is written and would leave by the lists,
 *          and who has left and would be back, is asked about directly first
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
  const unlike = await unlikeTheirRows(deps, kind, facts);
  for (const [id, fact] of await factsByQuestion(deps, { kind, rules, ids: unlike })) facts.set(id, fact);
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

/** Those of the newest full round: of 100,000 members they take minutes, and one round asks for them with every page. */
async function rememberedLists(deps: ReaderDeps, kind: Kind, rules: Restrictions): Promise<ScopeLists> {
  const round = (await deps.state.cursor(kind))?.round?.id ?? '';
  const known = listsOfRounds.get(deps)?.get(kind);
  if (known?.round === round) return known.lists;
  const lists = await readScopeLists(deps.tenant, kind, rules);
  const ofKinds = listsOfRounds.get(deps) ?? new Map<Kind, ListsOfRound>();
  listsOfRounds.set(deps, ofKinds.set(kind, { round, lists }));
  return lists;
}

type ListsOfRound = { round: string; lists: ScopeLists };

/** By reader: its deps live as long as the process reads. */
const listsOfRounds = new WeakMap<ReaderDeps, Map<Kind, ListsOfRound>>();
const memories = new WeakMap<ReaderDeps, Map<string, { at: number; answer: unknown }>>();

/** Kept shorter than until a second look, so that a look rung for a change corrects what an older answer made of it. */
async function remembered<A>(deps: ReaderDeps, question: string, ask: () => Promise<A>): Promise<A> {
  const memory = memories.get(deps) ?? new Map<string, { at: number; answer: unknown }>();
  memories.set(deps, memory);
  const known = memory.get(question);
  // What is kept under a question is what was answered to it.
  if (known !== undefined && deps.clock.now() - known.at < deps.settings.secondLookMs / 2)
    return known.answer as A;
  const answer = await ask();
  memory.set(question, { at: deps.clock.now(), answer });
  return answer;
}

/** Who has no row, and who was never let in, is told by the lists alone: in a first round that is everybody. */
async function unlikeTheirRows(
  { state }: ReaderDeps,
  kind: Kind,
  facts: ReadonlyMap<ObjectId, ScopeFacts>,
): Promise<ObjectId[]> {
  const rows = await state.rows(kind, [...facts.keys()]);
  return [...facts].flatMap(([id, fact]) => {
    const before = rows.get(id)?.state;
    const isUnlike = isAllowed(fact) ? before === 'suspended' || before === 'absent' : before === 'present';
    return isUnlike ? [id] : [];
  });
}
