import type { Command } from '../contracts/command.ts';
import type { Result } from '../contracts/result.ts';
import type { Ring } from '../contracts/ring.ts';
import type { EpochMs } from '../domain/time.ts';
import type { WritebackError } from '../errors.ts';
import type { Clock, Outbox, Outgoing } from '../ports.ts';
import type { SpanAttributes } from '../telemetry/spans.ts';
import type { Span, Telemetry } from '../telemetry/telemetry.ts';
import { traceIdOf } from '../telemetry/trace.ts';

/** What a batch is made of. */
export type Traced = Ring | Result | Command;

/**
 * A batch goes on with as many traces as came with its messages:
 *
 *   ring a (trace 1) ─┐            ┌─ read users (trace 1) ── command x, command y
 *   ring b (trace 2) ─┤ one batch ─┤
 *   ring c (trace 1, ─┘            ├─ read users (trace 2) ── command z
 *     another span)                └─ read users (trace 1) ── nothing: x came first by ring a
 *
 * Each span begins with the batch and ends with the last message that was sent for it. Handlers only carry on the `traceparent`
 * that came in; here it is replaced by that of the span, so that every parent is a span that exists.
 */
export type BatchTraces = {
  /** Sends messages, each in the span that it belongs to. */
  send(messages: readonly Outgoing[]): Promise<void>;
  /** The traceparent with which a message of the batch goes on. */
  traceOf(message: Traced): string;
  /** The one trace of the batch; undefined where there are several. */
  readonly only: string | undefined;
  end(failure: WritebackError | undefined): void;
};

type Deps = { telemetry: Telemetry; outbox: Outbox; clock: Clock };
type Name = 'read users' | 'read groups' | 'record';
type Open = { span: Span<Name>; sent: number; sentAt: EpochMs | undefined };

export function openTraces(deps: Deps, batch: readonly Traced[]): BatchTraces {
  const startedAt = deps.clock.now();
  const open = new Map<string, Open>();
  for (const message of batch) {
    const { traceparent } = message;
    if (!open.has(traceparent)) open.set(traceparent, begin(deps.telemetry, message, startedAt));
  }
  const byTrace = new Map([...open].map(([traceparent, one]) => [traceIdOf(traceparent), one]));
  const openOf = (traceparent: string): Open | undefined =>
    open.get(traceparent) ?? byTrace.get(traceIdOf(traceparent));
  const [only] = open.values();
  let steppedAt = startedAt;

  return {
    async send(messages) {
      const page = pageOf(deps.telemetry, messages, { openOf, startedAt: steppedAt });
      const carriers = messages.map((outgoing) => carrierOf(outgoing, { page, openOf }));
      try {
        await deps.outbox.send(messages.map((outgoing, at) => inSpan(outgoing, carriers[at])));
      } catch (error) {
        page?.span.end({ outcome: 'failed' });
        throw error;
      }
      steppedAt = deps.clock.now();
      for (const carrier of carriers) {
        if (carrier === undefined) continue;
        carrier.sent += 1;
        carrier.sentAt = steppedAt;
      }
      page?.span.end({ attributes: { sent: page.sent }, endedAt: steppedAt });
    },
    traceOf: ({ traceparent }) => openOf(traceparent)?.span.traceparent ?? traceparent,
    only: open.size === 1 ? only?.span.traceparent : undefined,
    end(failure) {
      for (const { span, sent, sentAt } of open.values()) {
        const how = sentAt === undefined || failure !== undefined ? {} : { endedAt: sentAt };
        if (failure === undefined) span.end({ attributes: { sent }, ...how });
        else span.end({ outcome: 'failed', attributes: { sent, code: failure.code } });
      }
    },
  };
}

function begin(telemetry: Telemetry, message: Traced, startedAt: EpochMs): Open {
  const { traceparent: parent } = message;
  const span = telemetry.start(nameOf(message), { parent, startedAt, attributes: about(message) });
  return { span, sent: 0, sentAt: undefined };
}

function nameOf(message: Traced): Name {
  if (message.type !== 'ring') return 'record';
  return message.kind === 'user' ? 'read users' : 'read groups';
}

function about(message: Traced): SpanAttributes<Name> {
  if (message.type === 'ring') {
    const { cause, attempt, want } = message;
    return { cause, want: want.type, attempt };
  }
  const { id } = message;
  if (message.type !== 'result') return { of: message.type, id, outcome: 'rejected', code: 'dead-lettered' };
  const { of, outcome, code } = message;
  return { of, id, outcome, ...(code === undefined ? {} : { code }) };
}

type Page = { span: Span<'read page'>; sent: number; sentAt: EpochMs | undefined };
type OfRound = Extract<Outgoing, { to: 'writes' | 'results' }>['message'];

const isOfFullRound = ({ to, message }: Outgoing): boolean =>
  (to === 'writes' || to === 'results') && message.cause === 'full-round';

/** The trace that a page of a full round begins, linked to the read that sends it; undefined where these messages are none. */
function pageOf(
  telemetry: Telemetry,
  messages: readonly Outgoing[],
  from: { openOf: (traceparent: string) => Open | undefined; startedAt: EpochMs },
): Page | undefined {
  const first = messages.find(isOfFullRound)?.message as OfRound | undefined;
  if (first === undefined) return undefined;
  const { page, traceparent } = first;
  const reader = from.openOf(traceparent)?.span.traceparent ?? traceparent;
  const of = first.type === 'result' ? first.of : first.type;
  const span = telemetry.start('read page', {
    startedAt: from.startedAt,
    links: [reader],
    attributes: {
      kind: of === 'user' ? 'user' : 'group',
      ...(page === undefined ? {} : { round: page.round, page: page.number }),
    },
  });
  return { span, sent: 0, sentAt: undefined };
}

function carrierOf(
  outgoing: Outgoing,
  of: { page: Page | undefined; openOf: (traceparent: string) => Open | undefined },
): Open | Page | undefined {
  if (outgoing.to === 'refused') return undefined;
  return isOfFullRound(outgoing) ? of.page : of.openOf(outgoing.message.traceparent);
}

function inSpan(outgoing: Outgoing, carrier: Open | Page | undefined): Outgoing {
  if (carrier === undefined) return outgoing;
  const { traceparent } = carrier.span;
  return { ...outgoing, message: { ...outgoing.message, traceparent } } as Outgoing;
}
