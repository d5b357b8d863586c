import type { Ring } from './contracts/ring.ts';
import { type Delivered, decode } from './decode.ts';
import { type DurationMs, durationMs, epochMs } from './domain/time.ts';
import { WritebackError } from './errors.ts';
import type { Traced } from './pipeline/batch-traces.ts';
import { type PipelineDeps, report, runSteps, type Source, type Stopped } from './pipeline/run-steps.ts';
import { traceIdOf } from './telemetry/trace.ts';

/*
 * Everything between a Service Bus trigger and a handler: decode → run → classify → settle.
 *
 * A trigger knows two answers: returning completes the batch, throwing abandons it: the same messages come again at once,
 * and after ten times they are dead-lettered. It can neither delay nor dead-letter. So:
 *
 * - What cannot be parsed goes to `refused` before anything else; the others of the batch go on. Another contract version
 *   throws: the messages must stay until this build is updated.
 * - Steps are sent, then committed, one after the other. A crash in between repeats a step, never loses one.
 * - A reader's batch that fails with `retry` is rung anew (new message ids), due after Retry-After or, without one, after half
 *   of the time since it was rung first (at least 1 s, at most 5 min): delays grow without counting. Then it returns.
 * - `fence-lost` throws: the new owner of the cursor gets the batch.
 * - `reject` and `defect` are logged loudly. In a batch, each message is then tried alone, so that only the failing one waits.
 *   A failing look is rung anew (at least 1 min, at most 1 h apart); a round is dropped, the sweep rings the next. After a day
 *   (of its due time, where that was far ahead) the ring is dropped: parked rows, rounds and the scheduled comparison know
 *   what it knew.
 * - `halt` is logged loudly and throws: going on is unsafe.
 * - A batch of results is tried again in place while that may heal, for 31 s, then throws: a result is a fact, it cannot be
 *   rung anew, and ten deliveries at once would dead-letter it within a second of an outage.
 */

const quickMs = { least: 1_000, most: 300_000 };
const slowMs = { least: 60_000, most: 3_600_000 };
const dayMs = 86_400_000;

/** Waits between attempts at a batch that cannot be rung again: in all half of the lock of `results` (1 min). */
const waitsMs = [1_000, 2_000, 4_000, 8_000, 16_000].map(durationMs);

/** Handles one batch of a queue whose messages cannot be rung again (`results`, dead letters): throws what does not heal. */
export async function runBatch<M extends Traced>(
  deps: PipelineDeps,
  source: Source<M>,
  delivered: readonly Delivered[],
): Promise<void> {
  const messages = await accept(deps, source, delivered);
  if (messages.length === 0) return;
  for (let tried = 0; ; tried++) {
    const stopped = await runSteps(deps, source, messages);
    if (stopped === undefined) return;
    const waitMs = stopped.failure.disposition === 'retry' ? waitsMs[tried] : undefined;
    if (waitMs === undefined) throw stopped.failure;
    await deps.clock.sleep(waitMs);
  }
}

/** Handles one batch of a doorbell: errors that a later ring can heal are rung anew, not thrown. */
export async function runRings(
  deps: PipelineDeps,
  source: Source<Ring> & { queue: 'users' | 'groups' },
  delivered: readonly Delivered[],
): Promise<void> {
  const rings = await accept(deps, source, delivered);
  const stopped = rings.length === 0 ? undefined : await runSteps(deps, source, rings);
  if (stopped === undefined) return;
  const { failure, messages } = stopped;
  if (failure.disposition === 'halt' || failure.code === 'fence-lost') throw failure;
  if (failure.disposition === 'retry') await ringAnew(deps, source.queue, messages, failure.retryAfterMs);
  else await runAlone(deps, source, stopped);
}

async function accept<M>(
  { outbox, clock, log, telemetry }: PipelineDeps,
  { queue, schema }: Source<M>,
  delivered: readonly Delivered[],
): Promise<M[]> {
  try {
    const { messages, refusals } = decode(schema, delivered, { queue, at: clock.now() });
    if (refusals.length > 0) {
      await outbox.send(refusals.map((message) => ({ to: 'refused', message })));
      telemetry.record('writeback.handled', refusals.length, { queue, outcome: 'refused' });
      log.warn('refused', {
        queue,
        count: refusals.length,
        reasons: refusals.map(({ reason }) => reason).slice(0, 5),
      });
    }
    return messages;
  } catch (error) {
    const failure = WritebackError.from(error);
    report(log, { queue, failure });
    throw failure;
  }
}

async function ringAnew(
  { outbox, clock }: PipelineDeps,
  queue: 'users' | 'groups',
  rings: readonly Ring[],
  retryAfterMs: DurationMs | undefined,
): Promise<void> {
  const now = clock.now();
  await outbox.send(
    distinct(rings).map((message) => ({
      to: queue,
      message,
      dueAt: epochMs(now + (retryAfterMs ?? delayFor(now - message.times.ring, quickMs))),
    })),
  );
}

/** The same question asked several times in a batch is asked once again: the one that was rung first. */
function distinct(rings: readonly Ring[]): Ring[] {
  const byQuestion = new Map<string, Ring>();
  for (const ring of rings) {
    const question = JSON.stringify([
      ring.want,
      ring.want.type === 'round' ? '' : [ring.cause, ring.attempt],
    ]);
    const before = byQuestion.get(question);
    if (before === undefined || ring.times.ring < before.times.ring) byQuestion.set(question, ring);
  }
  return [...byQuestion.values()];
}

function delayFor(ageMs: number, { least, most }: { least: number; most: number }): DurationMs {
  return durationMs(Math.round(Math.min(most, Math.max(least, ageMs / 2))));
}

/** Tries each ring of a failed batch alone; one that fails alone is rung anew much later, or dropped (see above). */
async function runAlone(
  deps: PipelineDeps,
  source: Source<Ring> & { queue: 'users' | 'groups' },
  batch: Stopped<Ring>,
): Promise<void> {
  const isAlone = batch.messages.length === 1;
  for (const one of batch.messages) {
    const stopped = isAlone ? batch : await runSteps(deps, source, [one]);
    if (stopped === undefined) continue;
    const { failure, messages } = stopped;
    const [ring = one] = messages;
    if (failure.disposition === 'halt' || failure.code === 'fence-lost') throw failure;
    const ageMs = deps.clock.now() - ring.times.ring;
    const isKept = failure.disposition === 'retry' || (ring.want.type !== 'round' && ageMs < dayMs);
    const fields = { queue: source.queue, want: ring.want.type, kept: isKept, code: failure.code };
    const traceId = traceIdOf(ring.traceparent);
    // A warning at most: `failed` has just said why, and as loudly as it deserves.
    deps.log.warn('ring failed alone', { ...fields, traceId }, ring.traceparent);
    if (isKept) await ringAnew(deps, source.queue, [ring], delayFor(ageMs, slowMs));
  }
}
