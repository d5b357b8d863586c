import type { Ring } from '../contracts/ring.ts';
import type { CloudUser } from '../domain/cloud-object.ts';
import type { Handler, Step } from '../handler.ts';
import { hasEntry } from './deciding/row-state.ts';
import { createFence } from './fence.ts';
import { userRules } from './kind-rules.ts';
import { type Judged, lookInChunks, outcomeOf, stepOf } from './look.ts';
import { withReports } from './managers/reports.ts';
import { type Asked, mergeRings } from './merge-rings.ts';
import type { ReaderDeps } from './reader-deps.ts';
import type { Reading } from './reading.ts';
import { ringOf } from './rings.ts';
import { beginFullRound, readPages } from './rounds/full-round.ts';
import { incrementalRound, lookAtPage } from './rounds/incremental-round.ts';
import { countPages, createPacing, originOfRound, type Pacing } from './rounds/pacing.ts';
import { stageOf } from './rounds/stage.ts';
import { ringsByComparison } from './scope/scope-comparison.ts';
import type { Origin } from './trace.ts';

/** Reads users: what rings name, directly; then, where a round is asked for, what delta says has changed. */
export function createUsersReader(deps: ReaderDeps): Handler<readonly Ring[]> {
  const fence = createFence('user', deps);
  const pacing = createPacing();
  return async function* readUsers(rings, signal) {
    const leave = await fence.enter();
    try {
      const reading = { deps, rules: userRules, fence, signal, startedAt: deps.clock.now() };
      const asked = await withReports(reading, mergeRings('user', rings));
      if (asked.scope !== undefined) yield { messages: await ringsByComparison(reading, asked.scope) };
      const missed = yield* lookAtUsers(reading, asked);
      yield* readUserRounds(reading, withRound(asked, missed), pacing);
      await fence.confirm();
    } finally {
      leave();
    }
  };
}

/** Answers who was missed: a user that has an entry and was found in neither place. */
async function* lookAtUsers(
  reading: Reading<CloudUser>,
  asked: Asked,
): AsyncGenerator<Step, Origin | undefined> {
  let missed: Origin | undefined;
  for await (const chunk of lookInChunks(reading, asked.looks)) {
    if ('judged' in chunk) missed ??= chunk.judged.find(isMissed)?.ask;
    yield 'rest' in chunk
      ? { messages: chunk.rest }
      : stepOf(reading, outcomeOf(reading, chunk.judged, { cause: 'ring' }));
  }
  return missed;
}

const isMissed = ({ looked, row, decision }: Judged<CloudUser>): boolean =>
  looked.found === 'missing' && hasEntry(row) && decision.body === undefined;

/** One read does not prove that a user was purged, but delta may say so now: no need to wait for a second read. */
function withRound(asked: Asked, missed: Origin | undefined): Asked {
  return missed === undefined || asked.round !== undefined ? asked : { ...asked, round: missed };
}

async function* readUserRounds(
  reading: Reading<CloudUser>,
  asked: Asked,
  pacing: Pacing,
): AsyncGenerator<Step> {
  const { fence } = reading;
  yield* countPages(reading, asked, pacing);
  const origin = originOfRound(asked);
  if (origin === undefined) return;
  if (stageOf(fence.cursor).stage === 'new') yield beginFullRound(reading);
  if (asked.round !== undefined && stageOf(fence.cursor).stage !== 'pages') {
    yield* incrementalRound(reading, origin, lookAtPage);
  }
  yield* readPages(reading, origin, pacing);
  yield* endFullRound(reading, origin);
}

/** When the results of all pages are there, groups may follow: their members have entries now. */
async function* endFullRound(reading: Reading<CloudUser>, origin: Origin): AsyncGenerator<Step> {
  const { fence, deps } = reading;
  const at = stageOf(fence.cursor);
  if (at.stage !== 'closing' || at.round.pagesDone < at.round.pagesSent) return;
  // Committed before it is rung: the groups reader looks at this very cursor. A ring lost here is made good by the sweep.
  yield {
    messages: [],
    commit: () => fence.commit({ round: undefined, lastFullRoundEndedAt: deps.clock.now() }),
  };
  yield { messages: [ringOf(deps, { to: 'groups', cause: 'pace', want: { type: 'round' }, origin })] };
}
