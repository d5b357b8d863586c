import type {
  ServiceBusReceivedMessage,
  ServiceBusReceiver,
  ServiceBusSessionReceiver,
} from '@azure/service-bus';
import type { RegisteredFunction } from './functions-core.ts';
import type { Invoker } from './invoke.ts';
import { log } from './log.ts';
import { bodyText, metadataOfMany, metadataOfOne, traceParentOf } from './message-metadata.ts';

/**
 * From messages to invocations, over one open receiver.
 *
 *     broker ──▶ subscribe ──▶ buffer ──gather 2 ms──▶ one invocation ──▶ complete all / abandon all ──▶ credit back
 *
 * `receiveMessages` would wait up to a second after the first message for more; here a batch is what has arrived within two
 * milliseconds of the first message, and while an invocation runs the next batch gathers by itself. The promise of each
 * message's handler stays open until the message is settled, as it is what holds back the SDK's credit.
 *
 * A batch renews no lock (cloud-protocols.md F.3). So the receiver is given up, and its undelivered messages with it, when
 * the session lock is nearly over; whoever accepts the session next continues.
 */
export type PumpOptions = {
  target: RegisteredFunction;
  invoker: Invoker;
  cardinality: 'one' | 'many';
  /** Messages per invocation; with cardinality one, 1. */
  maxBatch: number;
  /** A receiver without a message for so long is given up. */
  idleMs: number;
};

type Receiver = ServiceBusReceiver | ServiceBusSessionReceiver;
type Held = { message: ServiceBusReceivedMessage; release: () => void };

/** Why a pump ended. */
export type PumpEnd = 'idle' | 'lock-ends' | 'stopped' | { lost: Error };

const gatherMs = 2;

/** Pumps until the receiver is idle, its lock ends, it is lost, or the signal says stop; it closes the receiver. */
export async function pumpMessages(
  receiver: Receiver,
  options: PumpOptions,
  signal: AbortSignal,
): Promise<PumpEnd> {
  const buffer: Held[] = [];
  const bell = makeBell();
  let lost: Error | undefined;
  const wake = (): void => bell.ring();
  signal.addEventListener('abort', wake);
  receiver.subscribe(
    {
      processMessage: (message) =>
        new Promise<void>((release) => {
          buffer.push({ message, release });
          bell.ring();
        }),
      processError: async ({ error }) => {
        lost ??= error;
        bell.ring();
      },
    },
    { autoCompleteMessages: false, maxConcurrentCalls: options.maxBatch },
  );
  try {
    const lockMarginMs = marginOf(receiver);
    for (;;) {
      const lockLeftMs = lockEndOf(receiver) - Date.now() - lockMarginMs;
      if (signal.aborted) return 'stopped';
      if (lost !== undefined) return { lost };
      if (lockLeftMs <= 0) return 'lock-ends';
      if (buffer.length === 0) {
        const rung = await bell.wait(Math.min(options.idleMs, lockLeftMs));
        if (!rung && options.idleMs <= lockLeftMs) return 'idle';
        continue;
      }
      if (buffer.length < options.maxBatch) await delay(gatherMs);
      await handOver(receiver, buffer.splice(0, options.maxBatch), options);
    }
  } finally {
    signal.removeEventListener('abort', wake);
    await receiver.close().catch(() => undefined);
    for (const held of buffer) held.release();
  }
}

/** Runs the function on one batch and settles it: return completes, throw abandons the whole batch. */
async function handOver(receiver: Receiver, batch: readonly Held[], options: PumpOptions): Promise<void> {
  try {
    await runAndSettle(
      receiver,
      batch.map((held) => held.message),
      options,
    );
  } finally {
    for (const held of batch) held.release();
  }
}

/** Invokes the function with these messages, then completes or abandons each. A failed settlement is logged: it comes again. */
export async function runAndSettle(
  receiver: Receiver,
  messages: readonly ServiceBusReceivedMessage[],
  options: Pick<PumpOptions, 'target' | 'invoker' | 'cardinality'>,
): Promise<void> {
  const [first] = messages;
  if (first === undefined) return;
  const outcome = await options.invoker.invoke(
    options.target,
    options.cardinality === 'one'
      ? {
          data: { string: bodyText(first) },
          metadata: metadataOfOne(first),
          traceParent: traceParentOf(first),
        }
      : {
          data: { collectionString: { string: messages.map(bodyText) } },
          metadata: metadataOfMany(messages),
          traceParent: messages.length === 1 ? traceParentOf(first) : undefined,
        },
  );
  const settled = await Promise.allSettled(
    messages.map((message) =>
      outcome.type === 'succeeded' ? receiver.completeMessage(message) : receiver.abandonMessage(message),
    ),
  );
  const failure = settled.find((one) => one.status === 'rejected');
  if (failure === undefined) return;
  log({
    level: 'warning',
    function: options.target.metadata.name,
    message: 'messages could not be settled and will be delivered again',
    count: settled.filter((one) => one.status === 'rejected').length,
    reason: failure.reason instanceof Error ? failure.reason.message : String(failure.reason),
  });
}

/** When the receiver's session lock ends (epoch milliseconds); never for a receiver without session. */
const lockEndOf = (receiver: Receiver): number =>
  'sessionLockedUntilUtc' in receiver ? receiver.sessionLockedUntilUtc.getTime() : Number.POSITIVE_INFINITY;

const lockMarginShare = 0.1;
const longestLockMarginMs = 5_000;

function marginOf(receiver: Receiver): number {
  const lockMs = lockEndOf(receiver) - Date.now();
  return Math.min(longestLockMarginMs, lockMs * lockMarginShare);
}

/** A bell that somebody waits for: `wait` answers whether it rang in time; a ring that nobody waits for is remembered. */
function makeBell() {
  let rung = false;
  let waiting: (() => void) | undefined;
  return {
    ring: (): void => {
      rung = true;
      waiting?.();
    },
    wait: async (forMs: number): Promise<boolean> => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timeout = setTimeout(resolve, Math.min(forMs, 2 ** 31 - 1));
          waiting = () => {
            clearTimeout(timeout);
            resolve();
          };
        });
        waiting = undefined;
      }
      const answer = rung;
      rung = false;
      return answer;
    },
  };
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
