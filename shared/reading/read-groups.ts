import type { Ring } from '../contracts/ring.ts';
import type { CloudGroup } from '../domain/cloud-object.ts';
import type { ObjectId } from '../domain/object-id.ts';
import type { Handler, Step } from '../handler.ts';
import { createFence, type Fence } from './fence.ts';
import { groupRules } from './kind-rules.ts';
import { lookAtGroups } from './look-groups.ts';
import { createListing, type Listing, listGroups } from './members/group-listing.ts';
import { readMemberships } from './members/memberships.ts';
import { type Asked, mergeRings } from './merge-rings.ts';
import type { ReaderDeps } from './reader-deps.ts';
import type { Reading } from './reading.ts';
import { ringUnshown } from './rounds/await-shown.ts';
import { beginFullRound, readPages } from './rounds/full-round.ts';
import { handleGroupPage } from './rounds/group-page.ts';
import { type HandlePage, incrementalRound } from './rounds/incremental-round.ts';
import { countPages, createPacing, originOfRound, type Pacing } from './rounds/pacing.ts';
import { stageOf } from './rounds/stage.ts';
import { ringsByComparison } from './scope/scope-comparison.ts';

/**
 * Reads groups: what rings name, directly; memberships of members that got an entry or lost it; then the delta round, which
 * tells who was added and removed. Groups follow users: it does nothing before the users' first full round is over, and under a
 * changed configuration its full round begins when theirs has ended; the old delta link tells what changes until then.
 */
export function createGroupsReader(deps: ReaderDeps): Handler<readonly Ring[]> {
  const memory = { fence: createFence('group', deps), pacing: createPacing(), listing: createListing() };
  const { fence } = memory;
  return async function* readGroups(rings, signal) {
    const leave = await fence.enter();
    try {
      const reading = { deps, rules: groupRules, fence, signal, startedAt: deps.clock.now() };
      const users = await stateOfUsers(reading);
      if (users !== 'unread') {
        const asked = mergeRings('group', rings);
        if (asked.scope !== undefined) yield { messages: await ringsByComparison(reading, asked.scope) };
        const found = yield* lookAtGroups(reading, asked);
        // Whoever enters meanwhile is on the lists of the full round to come; whoever leaves does not wait.
        const members = asked.members.filter(({ groups }) => users === 'read' || groups.size > 0);
        yield* readMemberships(reading, members);
        const shown = new Map<ObjectId, number>();
        yield* readGroupRounds(reading, asked, { ...memory, shown, mayBegin: users === 'read' });
        const unshown = ringUnshown(reading, found, shown);
        if (unshown.length > 0) yield { messages: unshown };
      }
      await fence.confirm();
    } finally {
      leave();
    }
  };
}

/**
 * `unread`: whatever rings before the first full round of groups is seen by it. `reading`: the users' rows still say who was in scope
 * under another configuration, or a full round is changing them; lists read now would have to be completed member by member.
 * The users' reader rings when it has ended.
 */
async function stateOfUsers({ deps, fence }: Reading<CloudGroup>): Promise<'unread' | 'reading' | 'read'> {
  if (!mustBegin(fence, deps)) return 'read';
  const users = await deps.state.cursor('user');
  if (users?.lastFullRoundEndedAt === undefined) return 'unread';
  return users.mapping !== deps.writeback.hash || 'round' in stageOf(users) ? 'reading' : 'read';
}

/** Its full round under this configuration has not begun. */
const mustBegin = ({ cursor }: Fence, { writeback }: ReaderDeps): boolean =>
  cursor.mapping !== writeback.hash || stageOf(cursor).stage === 'new';

type Memory = { pacing: Pacing; listing: Listing; shown: Map<ObjectId, number>; mayBegin: boolean };

async function* readGroupRounds(
  reading: Reading<CloudGroup>,
  asked: Asked,
  { pacing, listing, shown, mayBegin }: Memory,
): AsyncGenerator<Step> {
  const { fence } = reading;
  yield* countPages(reading, asked, pacing);
  const origin = originOfRound(asked);
  if (origin === undefined) return;
  if (mustBegin(fence, reading.deps) && mayBegin) yield beginFullRound(reading);
  if (stageOf(fence.cursor).stage === 'new') return;
  if (asked.round !== undefined && stageOf(fence.cursor).stage !== 'pages') {
    yield* incrementalRound(reading, origin, noting(shown));
  }
  yield* readPages(reading, origin, pacing);
  yield* listGroups(reading, { origin, listing, pacing });
}

/** Handles pages and notes which groups they show. */
function noting(shown: Map<ObjectId, number>): HandlePage<CloudGroup> {
  return async function* handleAndNote(reading, items, origin) {
    const outcome = yield* handleGroupPage(reading, items, origin);
    for (const { id } of items) shown.set(id, reading.deps.clock.now());
    return outcome;
  };
}
