import type { ServiceBusReceivedMessage, ServiceBusSessionReceiver } from '@azure/service-bus';
import { type DurationMs, durationMs } from '../../shared/domain/time.ts';
import type { WritebackError } from '../../shared/errors.ts';
import type { RelayClock } from '../clock.ts';
import { busFailure } from './bus-failure.ts';
import type { Delivery, Lane } from './lane.ts';
import { within } from './within.ts';

/** Lock of a session of `writes` (infra/queues.json). A longer one is not believed, a shorter one is. */
const longestLockMs = 60_000;
/** Letting go is a courtesy: the lock expires by itself. */
const closeMs = 3_000;

/** What a lane runs its calls through: the bus watches that they end. */
export type Watch = <T>(operation: string, call: () => Promise<T>, limitMs?: DurationMs) => Promise<T>;

/** A session that was accepted, as a lane. */
export function busLane(receiver: ServiceBusSessionReceiver, clock: RelayClock, watch: Watch): Lane {
  let deadline = deadlineFrom(clock.monotonicMs(), receiver.sessionLockedUntilUtc, clock);
  return {
    id: receiver.sessionId,
    async receive(wait, signal) {
      try {
        // One at a time: for more than one the SDK waits up to a second after the first.
        const call = () => receiver.receiveMessages(1, { maxWaitTimeInMs: wait, abortSignal: signal });
        const [message] = await watch('receive', call, durationMs(wait + longestLockMs));
        return message === undefined ? undefined : deliveryOf(message);
      } catch (thrown) {
        if (signal.aborted) return undefined;
        throw thrown;
      }
    },
    complete: (delivery) =>
      watch('complete', () => receiver.completeMessage(delivery.token as ServiceBusReceivedMessage)),
    async readState() {
      const state: unknown = await watch('read state', () => receiver.getSessionState());
      return stateText(state);
    },
    writeState: (text) => watch('write state', () => receiver.setSessionState(Buffer.from(text))),
    lockLeftMs: () => durationMs(deadline - clock.monotonicMs()),
    async renew() {
      const asked = clock.monotonicMs();
      deadline = deadlineFrom(asked, await watch('renew', () => receiver.renewSessionLock()), clock);
    },
    close: () => within(receiver.close(), closeMs),
  };
}

/**
 * When the lock is over, on the monotonic clock. The broker says so in its wall-clock time, which is only believed where it
 * shortens the lock: a wall clock that is set back must not stretch it.
 */
function deadlineFrom(asked: number, lockedUntil: Date, clock: RelayClock): number {
  return asked + Math.min(longestLockMs, lockedUntil.getTime() - clock.now());
}

function deliveryOf(message: ServiceBusReceivedMessage): Delivery {
  const id = message.messageId;
  return {
    messageId: id === undefined ? undefined : String(id),
    body: bytesOf(message.body),
    token: message,
  };
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

function stateText(state: unknown): string | undefined {
  if (state === undefined || state === null) return undefined;
  if (state instanceof Uint8Array)
    return state.byteLength === 0 ? undefined : Buffer.from(state).toString('utf8');
  return typeof state === 'string' ? state : JSON.stringify(state);
}

/** A watch over calls that end too late: SDK stalls without an error were reported (azure-sdk-for-js issue 24540). */
export function watcher(limit: DurationMs, stalled: (operation: string) => WritebackError): Watch {
  return async (operation, call, limitMs = limit) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(stalled(operation)), limitMs);
    });
    try {
      return await Promise.race([call(), late]);
    } catch (thrown) {
      throw busFailure(thrown, operation);
    } finally {
      clearTimeout(timer);
    }
  };
}
