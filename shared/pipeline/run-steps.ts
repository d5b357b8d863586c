import type { z } from 'zod';
import type { DurationMs } from '../domain/time.ts';
import { WritebackError } from '../errors.ts';
import type { Handler } from '../handler.ts';
import type { Clock, Outbox } from '../ports.ts';
import type { Log } from '../telemetry/log.ts';
import type { DimensionsOf } from '../telemetry/metrics.ts';
import { severityOf } from '../telemetry/severity-of.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { traceIdOf } from '../telemetry/trace.ts';
import { openTraces, type Traced } from './batch-traces.ts';

export type Source<M> = {
  queue: DimensionsOf<'writeback.handled'>['queue'];
  schema: z.ZodType<M>;
  handler: Handler<readonly M[]>;
};
/** `budgetMs`: how long a reader may work; 30 s later the signal aborts. */
export type PipelineDeps = {
  outbox: Outbox;
  clock: Clock;
  log: Log;
  telemetry: Telemetry;
  budgetMs: DurationMs;
};

/** What stopped a batch, and its messages as they are to be rung anew: in the spans that failed. */
export type Stopped<M> = { failure: WritebackError; messages: readonly M[] };

const graceMs = 30_000;

/** Runs the handler to its end; answers what stopped it. One canonical line per batch. */
export async function runSteps<M extends Traced>(
  deps: PipelineDeps,
  { queue, handler }: Source<M>,
  messages: readonly M[],
): Promise<Stopped<M> | undefined> {
  const { clock, budgetMs } = deps;
  const startedAt = clock.now();
  const traces = openTraces(deps, messages);
  const count = { steps: 0, sent: 0 };
  let failure: WritebackError | undefined;
  try {
    for await (const step of handler(messages, AbortSignal.timeout(budgetMs + graceMs))) {
      if (step.messages.length > 0) await traces.send(step.messages);
      await step.commit?.();
      count.steps += 1;
      count.sent += step.messages.length;
    }
  } catch (error) {
    failure = WritebackError.from(error);
  }
  traces.end(failure);
  const outcome = failure === undefined ? 'done' : 'failed';
  const ms = clock.now() - startedAt;
  deps.telemetry.record('writeback.handled', messages.length, { queue, outcome });
  deps.telemetry.record('writeback.handle.duration', ms, { queue, outcome });
  const traceIds = [...new Set(messages.map(({ traceparent }) => traceIdOf(traceparent)))].slice(0, 20);
  const code = failure === undefined ? {} : { code: failure.code };
  const line = { queue, messages: messages.length, ...count, outcome, ...code, ms, traceIds };
  deps.log.info('handled', line, traces.only);
  if (failure === undefined) return undefined;
  report(deps.log, { queue, failure, trace: traces.only });
  return {
    failure,
    messages: messages.map((message) => ({ ...message, traceparent: traces.traceOf(message) })),
  };
}

/** Logs a failure, loudly where a person has to know. `trace`: the traceparent it belongs to. */
export function report(
  log: Log,
  { queue, failure, trace }: { queue: string; failure: WritebackError; trace?: string | undefined },
): void {
  const fields = { queue, code: failure.code, disposition: failure.disposition, error: failure.message };
  if (severityOf(failure) === 'warn') log.warn('failed', fields, trace);
  else log.loud('failed', { ...fields, stack: stackOf(failure) }, trace);
}

/** Where it happened, without the message of a foreign error (it could carry values). */
function stackOf(failure: WritebackError): string | undefined {
  const { stack } = failure.cause instanceof Error ? failure.cause : failure;
  return stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .join('\n');
}
