import { chunksOf } from '../../domain/chunks-of.ts';
import type { CloudGroup } from '../../domain/cloud-object.ts';
import { MappingError } from '../../domain/mapping-error.ts';
import { keyOfSid, keyOfWritten, type MemberKey } from '../../domain/member-key.ts';
import type { Kind, ObjectId } from '../../domain/object-id.ts';
import type { Scope } from '../../domain/scope.ts';
import { durationMs } from '../../domain/time.ts';
import type { Step } from '../../handler.ts';
import type { Looked, Outgoing, Row } from '../../ports.ts';
import { type CloudObject, groupRules, type KindRules, userRules } from '../kind-rules.ts';
import type { MemberAsk } from '../merge-rings.ts';
import type { ReaderDeps } from '../reader-deps.ts';
import { isOverBudget, type Reading } from '../reading.ts';
import { ringForMember, ringOf } from '../rings.ts';
import { scopeFactsOf } from '../scope/scope-facts.ts';
import type { Origin } from '../trace.ts';
import { differenceCommands } from './differences.ts';

/** Members whose memberships are read at a time. */
const chunkSize = 20;

/**
 * Completion and departure are one question: of which groups is this object a member? It is asked when an object got its
 * entry (lists sent before had to leave it out) and when it was suspended (the cloud hides the memberships of a soft-deleted
 * object without a word in the delta of its groups, and says nothing of those that leave the scope).
 *
 *   live, in scope    add it to the groups that list it; remove it from the candidates that do not
 *   synced from AD    the same, by its SID: which entry it was before, lists tell (recording/owed-rings.ts, handovers)
 *   anything else     remove it from all candidates
 *
 * A direct read like this may lag, so it is repeated once; and again while the object is gone but its row does not know: its own
 * reader, which is rung then, may only find it restored, and has nothing to complete. Groups that are not live keep their members
 * as they are. What the budget does not allow is rung anew.
 */
export async function* readMemberships(
  reading: Reading<CloudGroup>,
  asks: readonly MemberAsk[],
): AsyncGenerator<Step> {
  const chunks = chunksOf(asks, chunkSize);
  for (const [at, chunk] of chunks.entries()) {
    reading.signal.throwIfAborted();
    if (at > 0 && isOverBudget(reading)) {
      yield {
        messages: chunks
          .slice(at)
          .flat()
          .map((ask) => rungAnew(reading, ask)),
      };
      return;
    }
    yield await stepOfMembers(reading, chunk);
  }
}

async function stepOfMembers(reading: Reading<CloudGroup>, asks: readonly MemberAsk[]): Promise<Step> {
  const standings = await standingsOf(reading, asks);
  const told = asks.filter(({ id }) => standings.get(id)?.at !== 'unclear');
  const known = await rowsOf(reading, told);
  const lists = await Promise.all(
    told.map(async (ask) =>
      isListed(standings.get(ask.id), known.get(ask.id))
        ? reading.deps.tenant.membershipsOf(ask.kind, ask.id)
        : [],
    ),
  );
  const edits = new Map<ObjectId, Edit>();
  const messages = told.flatMap((ask, at) => {
    const listed = lists[at] ?? 'missing';
    if (listed === 'missing') return askLater(reading, ask);
    const row = known.get(ask.id);
    const standing = standings.get(ask.id);
    for (const { id, type, key } of editsAbout(ask, { standing, row, listed }))
      editOf(edits, id, ask)[type].push(key);
    return repetition(reading, ask, { listed, isOwed: isAwayUnseen(standing, row) });
  });
  const rows = await reading.deps.state.rows('group', [...edits.keys()]);
  const differences = [...edits.values()].flatMap((edit) => {
    const row = rows.get(edit.id);
    // The list of a group with hidden membership is empty, and stays so.
    return row?.state === 'present' && row.hidden !== true ? [{ ...edit, row }] : [];
  });
  return { messages: [...differenceCommands(reading, differences, 'ring'), ...messages] };
}

/** What has to change in which group. */
function editsAbout(
  { kind, id, groups }: MemberAsk,
  {
    standing,
    row,
    listed,
  }: { standing: Standing | undefined; row: Row | undefined; listed: readonly ObjectId[] },
): { id: ObjectId; type: 'add' | 'remove'; key: MemberKey }[] {
  const isSynced = standing?.at === 'synced';
  const key = isSynced ? standing.sid && keyOfSid(standing.sid) : keyOfWritten(kind, id);
  if (!key) return [];
  const members = isSynced || standing?.at === 'inside' ? listed : [];
  // Synced until it was born in the cloud: its groups listed another entry.
  const former = row?.sid && !isSynced ? keyOfSid(row.sid) : undefined;
  return [
    ...members.map((group) => ({ id: group, type: 'add' as const, key })),
    ...(former === undefined
      ? []
      : listed.map((group) => ({ id: group, type: 'remove' as const, key: former }))),
    ...[...groups]
      .filter((group) => !members.includes(group))
      .map((group) => ({ id: group, type: 'remove' as const, key })),
  ];
}

type Edit = { id: ObjectId; origin: Origin; add: MemberKey[]; remove: MemberKey[] };

function editOf(edits: Map<ObjectId, Edit>, id: ObjectId, origin: Origin): Edit {
  const edit = edits.get(id) ?? { id, origin, add: [], remove: [] };
  edits.set(id, edit);
  return edit;
}

/** Where a member stands. `gone`: not live. `unclear`: the owner's filter failed for it, so its memberships stay as they are. */
type Standing = { at: Scope | 'gone' | 'unclear'; sid: string | null };

/** Whoever is out of scope may have been listed by its SID. */
const isListed = (standing: Standing | undefined, row: Row | undefined): boolean =>
  standing?.at === 'inside' || standing?.at === 'synced' || (standing?.at === 'outside' && !!row?.sid);

async function standingsOf(
  reading: Reading<CloudGroup>,
  asks: readonly MemberAsk[],
): Promise<Map<ObjectId, Standing>> {
  const idsOf = (kind: Kind) => asks.filter((ask) => ask.kind === kind).map(({ id }) => id);
  return new Map([
    ...(await standingsOfKind(reading, userRules, idsOf('user'))),
    ...(await standingsOfKind(reading, groupRules, idsOf('group'))),
  ]);
}

async function standingsOfKind<T extends CloudObject>(
  { deps }: Reading<CloudGroup>,
  rules: KindRules<T>,
  ids: readonly ObjectId[],
): Promise<[ObjectId, Standing][]> {
  if (ids.length === 0) return [];
  const found = await rules.find(deps.tenant, ids);
  const facts = await scopeFactsOf(deps, rules.kind, ids, 'look');
  const standingOf = (looked: Looked<T> | undefined, id: ObjectId): Standing => {
    if (looked?.found !== 'live') return { at: 'gone', sid: null };
    const { object } = looked;
    const sid = object.onPremisesSecurityIdentifier;
    try {
      return { at: rules.scopeOf(object, deps.writeback, facts.get(id)), sid };
    } catch (error) {
      if (error instanceof MappingError) return { at: 'unclear', sid };
      throw error;
    }
  };
  return ids.map((id) => [id, standingOf(found.get(id), id)]);
}

function rungAnew({ deps }: Reading<CloudGroup>, ask: MemberAsk): Outgoing {
  return ringForMember(deps, ask, { afterMs: durationMs(0), attempt: ask.attempt });
}

async function rowsOf(
  { deps }: Reading<CloudGroup>,
  asks: readonly MemberAsk[],
): Promise<ReadonlyMap<ObjectId, Row>> {
  const kinds = [...Map.groupBy(asks, ({ kind }) => kind)];
  const found = kinds.map(([kind, same]) =>
    deps.state.rows(
      kind,
      same.map(({ id }) => id),
    ),
  );
  return new Map((await Promise.all(found)).flatMap((rows) => [...rows]));
}

/** Gone while its row says present: it was deleted a moment ago, and nobody has noticed yet. */
const isAwayUnseen = (standing: Standing | undefined, row: Row | undefined): boolean =>
  standing?.at === 'gone' && row?.state === 'present';

function repetition(
  { deps }: Reading<CloudGroup>,
  ask: MemberAsk,
  { listed, isOwed }: { listed: readonly ObjectId[]; isOwed: boolean },
): Outgoing[] {
  if (ask.attempt === repeated && !isOwed) return [];
  const candidates = { ...ask, groups: new Set([...ask.groups, ...listed]) };
  const again = ringForMember(deps, candidates, {
    afterMs: deps.settings.repeatMembersMs,
    attempt: repeated,
  });
  return isOwed ? [again, ringForLeaver(deps, ask)] : [again];
}

/** Nobody told that it is gone; it is looked at when every replica knows. */
function ringForLeaver(deps: ReaderDeps, ask: MemberAsk): Outgoing {
  return ringOf(deps, {
    to: ask.kind === 'user' ? 'users' : 'groups',
    cause: 'again',
    want: { type: 'look', ids: [ask.id] },
    origin: ask,
    afterMs: deps.settings.secondLookMs,
  });
}

/** Live, but its memberships are not readable yet. What is read then is a first read, and is repeated like one. */
function askLater({ deps }: Reading<CloudGroup>, ask: MemberAsk): Outgoing[] {
  const attempt = Math.max(ask.attempt, repeated) + 1;
  const afterMs = deps.settings.lookAgainMs[attempt - repeated - 1];
  return afterMs === undefined ? [] : [ringForMember(deps, ask, { afterMs, attempt })];
}

/** Attempts as rings carry them: 0 first, 1 the repetition, from 2 on retries (as those of lists, merge-rings.ts). */
const repeated = 1;
