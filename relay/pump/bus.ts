import type { ServiceBusClient, ServiceBusReceiver, ServiceBusSender } from '@azure/service-bus';
import { durationMs } from '../../shared/domain/time.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { RelayClock } from '../clock.ts';
import { type BusSettings, createBusClient, operationMs } from './bus-client.ts';
import { busFailure, isHiccup, isNoneNow } from './bus-failure.ts';
import { busLane, type Watch, watcher } from './bus-lane.ts';
import type { Bus, BusMessage } from './lane.ts';
import { peekBacklog } from './peek-backlog.ts';
import { within } from './within.ts';

/** The queue of commands. */
const commandQueue = 'writes';
/** What a call may take beyond the SDK's own time-outs (two tries) before it counts as stalled. */
const stallMs = durationMs(2 * operationMs + 15_000);
const hiccupMs = durationMs(200);
const dropMs = 3_000;

/** `gone` ends what still waits on a connection that was given up: the SDK would let it wait for its time-out. */
type Connection = {
  client: ServiceBusClient;
  senders: Map<string, ServiceBusSender>;
  /** Opens no link of its own: a peek is a request on the management link that the sessions use. */
  peeker: ServiceBusReceiver;
  gone: AbortController;
};

/** Service Bus over @azure/service-bus. Nothing is opened before the first use. */
export function connectBus(settings: BusSettings, clock: RelayClock): Bus {
  let current: Promise<Connection> | undefined;
  const watch = watcher(
    stallMs,
    (operation) => new WritebackError('bus-unavailable', { detail: `${operation}: no answer` }),
  );
  const connection = () => {
    current ??= createBusClient(settings).then((client) => ({
      client,
      senders: new Map(),
      peeker: client.createReceiver(commandQueue),
      gone: new AbortController(),
    }));
    return current;
  };
  const drop = async () => {
    const old = current;
    current = undefined;
    const close = async () => {
      const { client, gone } = (await old) ?? {};
      gone?.abort();
      await client?.close();
    };
    // A connection that hangs must not be waited for.
    await within(close(), dropMs);
  };
  return {
    async acceptLane(signal) {
      let ended = signal;
      try {
        const { client, gone } = await connection();
        ended = AbortSignal.any([signal, gone.signal]);
        const accept = () =>
          client.acceptNextSession(commandQueue, {
            // Renewal is ours: the SDK's ends some time after the accept, on the wall clock.
            maxAutoLockRenewalDurationInMs: 0,
            skipParsingBodyAsJson: true,
          });
        const receiver = await orAborted(watch('accept', accept), ended);
        // A settlement on a dead connection would otherwise be waited for, for a minute.
        const watchLane: Watch = (operation, call, limitMs) =>
          watch(operation, () => orAborted(call(), gone.signal), limitMs);
        return busLane(receiver, clock, watchLane);
      } catch (thrown) {
        const { cause } = thrown instanceof WritebackError ? thrown : { cause: thrown };
        if (ended.aborted || isNoneNow(cause)) return undefined;
        if (!isHiccup(cause)) throw busFailure(thrown, 'accept');
        await clock.sleep(hiccupMs, signal);
        return undefined;
      }
    },
    async send(queue, messages) {
      const here = await connection();
      const call = () => senderFor(queue, here).sendMessages(messages.map(onWire));
      // Whether a broker that went away has them is unknown: the command comes again, its second result is dropped.
      await watch(`send to ${queue}`, () => orAborted(call(), here.gone.signal));
    },
    async backlog(limit) {
      const { peeker, gone } = await connection();
      return watch('peek', () => orAborted(peekBacklog(peeker, limit), gone.signal));
    },
    async probe() {
      await drop();
      const sender = senderFor('results', await connection());
      await watch('probe', () => sender.createMessageBatch());
    },
    close: drop,
  };
}

/** The SDK does not look at a signal while it waits for a session. What it gets after all goes with its connection. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new WritebackError('lock-lost', { detail: 'the connection was given up' }));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function senderFor(queue: string, { client, senders }: Connection): ServiceBusSender {
  const known = senders.get(queue);
  if (known !== undefined) return known;
  const sender = client.createSender(queue);
  senders.set(queue, sender);
  return sender;
}

function onWire({ id, body }: BusMessage) {
  return { messageId: id, body, contentType: 'application/json' };
}
