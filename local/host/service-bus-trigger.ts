import { isServiceBusError, type ServiceBusClient, type ServiceBusSessionReceiver } from '@azure/service-bus';
import type { Binding, RegisteredFunction } from './functions-core.ts';
import type { ServiceBusOptions } from './host-json.ts';
import type { Invoker } from './invoke.ts';
import { log } from './log.ts';
import { type PumpOptions, pumpMessages, runAndSettle } from './message-pump.ts';

/** A function with a Service Bus queue trigger and what its loops need. */
export type QueueTrigger = {
  target: RegisteredFunction;
  binding: Binding;
  queue: string;
  client: ServiceBusClient;
  options: ServiceBusOptions;
  invoker: Invoker;
};

/** Starts receiving; the promise resolves when the signal has stopped every loop of the trigger. */
export async function runQueueTrigger(trigger: QueueTrigger, signal: AbortSignal): Promise<void> {
  const { binding, options } = trigger;
  const many = binding['cardinality'] === 'many';
  const sessions = binding['isSessionsEnabled'] === true;
  const pump: PumpOptions = {
    target: trigger.target,
    invoker: trigger.invoker,
    cardinality: many ? 'many' : 'one',
    maxBatch: many ? options.maxMessageBatchSize : 1,
    idleMs: sessions
      ? (options.sessionIdleTimeout ?? options.clientRetryOptions.tryTimeout)
      : Number.POSITIVE_INFINITY,
  };
  const renewMs = many ? 0 : options.maxAutoLockRenewalDuration;
  if (sessions) {
    const lane = (): Promise<void> => runSessionLane({ trigger, pump, renewMs }, signal);
    await Promise.all(Array.from({ length: options.maxConcurrentSessions }, lane));
  } else if (many) await runBatches({ trigger, pump, renewMs }, signal);
  else await runSingles({ trigger, pump, renewMs }, signal);
}

type Loop = { trigger: QueueTrigger; pump: PumpOptions; renewMs: number };

/** One of the host's concurrent sessions: accepts the next session, serves it until it is given up or lost, and again. */
async function runSessionLane(loop: Loop, signal: AbortSignal): Promise<void> {
  const patience = makePatience();
  while (!signal.aborted) {
    const receiver = await acceptSession(loop, patience, signal);
    if (receiver === undefined) continue;
    const end = await pumpMessages(receiver, loop.pump, signal);
    if (typeof end === 'object') reportLoss(loop, end.lost);
  }
}

async function acceptSession(
  { trigger, renewMs }: Loop,
  patience: Patience,
  signal: AbortSignal,
): Promise<ServiceBusSessionReceiver | undefined> {
  const startedAt = Date.now();
  try {
    const accepting = trigger.client.acceptNextSession(trigger.queue, {
      maxAutoLockRenewalDurationInMs: renewMs,
      skipParsingBodyAsJson: true,
    });
    // The SDK's abort signal does not end an accept that waits at the server; closing the client does, which comes later.
    const receiver = await unlessAborted(accepting, signal);
    patience.reset();
    return receiver;
  } catch (error) {
    if (signal.aborted) return undefined;
    const none = isNoSession(error);
    // The server holds the request until its timeout; an immediate "none" must not become a busy loop.
    if (none && Date.now() - startedAt > 1_000) return undefined;
    if (!none) reportUnreachable(trigger, { error, patience });
    await patience.wait(signal);
  }
  return undefined;
}

/** What the work resolves with, or undefined as soon as the signal says stop. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Both mean "no free session with messages now" (cloud-protocols.md E.2). */
const isNoSession = (error: unknown): boolean =>
  isServiceBusError(error) && (error.code === 'ServiceTimeout' || error.code === 'SessionCannotBeLocked');

/** A queue without sessions, in batches: one invocation at a time. */
async function runBatches(loop: Loop, signal: AbortSignal): Promise<void> {
  const patience = makePatience();
  while (!signal.aborted) {
    const receiver = loop.trigger.client.createReceiver(loop.trigger.queue, {
      maxAutoLockRenewalDurationInMs: loop.renewMs,
      skipParsingBodyAsJson: true,
    });
    const startedAt = Date.now();
    const end = await pumpMessages(receiver, loop.pump, signal);
    if (Date.now() - startedAt > 10_000) patience.reset();
    if (typeof end !== 'object') continue;
    reportUnreachable(loop.trigger, { error: end.lost, patience });
    await patience.wait(signal);
  }
}

/** A queue without sessions, message by message: `maxConcurrentCalls` at a time. */
async function runSingles(loop: Loop, signal: AbortSignal): Promise<void> {
  const patience = makePatience();
  while (!signal.aborted) {
    const receiver = loop.trigger.client.createReceiver(loop.trigger.queue, {
      maxAutoLockRenewalDurationInMs: loop.renewMs,
      skipParsingBodyAsJson: true,
    });
    const running = new Set<Promise<void>>();
    const lost = await new Promise<Error | undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      receiver.subscribe(
        {
          processMessage: (message) => {
            const work = runAndSettle(receiver, [message], loop.pump).finally(() => running.delete(work));
            running.add(work);
            return work;
          },
          processError: async ({ error }) => resolve(error),
        },
        { autoCompleteMessages: false, maxConcurrentCalls: loop.trigger.options.maxConcurrentCalls },
      );
    });
    await Promise.all(running);
    await receiver.close().catch(() => undefined);
    if (lost === undefined) return;
    reportUnreachable(loop.trigger, { error: lost, patience });
    await patience.wait(signal);
  }
}

function reportUnreachable(
  trigger: QueueTrigger,
  { error, patience }: { error: unknown; patience: Patience },
): void {
  log({
    level: patience.isFresh() ? 'warning' : 'debug',
    function: trigger.target.metadata.name,
    message: `the queue ${trigger.queue} cannot be received from; trying again`,
    reason: error instanceof Error ? error.message : String(error),
  });
}

function reportLoss({ trigger }: Loop, error: Error): void {
  log({
    level: 'debug',
    function: trigger.target.metadata.name,
    message: `a session of ${trigger.queue} was lost; accepting again`,
    reason: error.message,
  });
}

type Patience = ReturnType<typeof makePatience>;

const firstWaitMs = 50;
const longestWaitMs = 1_000;

/** Waits between attempts: 50 ms, doubling to a second, until something succeeds. */
function makePatience() {
  let waitMs = firstWaitMs;
  return {
    isFresh: (): boolean => waitMs === firstWaitMs,
    reset: (): void => {
      waitMs = firstWaitMs;
    },
    wait: async (signal: AbortSignal): Promise<void> => {
      const forMs = waitMs;
      waitMs = Math.min(waitMs * 2, longestWaitMs);
      await new Promise<void>((resolve) => {
        const timeout = setTimeout(done, forMs);
        function done(): void {
          clearTimeout(timeout);
          signal.removeEventListener('abort', done);
          resolve();
        }
        signal.addEventListener('abort', done);
      });
    },
  };
}
