import type { Command } from '../contracts/command.ts';
import type { Result } from '../contracts/result.ts';
import type { Ring } from '../contracts/ring.ts';
import type { EpochMs } from '../domain/time.ts';
import type { WritebackError } from '../errors.ts';
import type { Clock, Outbox, Outgoing } from '../ports.ts';
import type { SpanAttributes } from '../telemetry/spans.ts';
import type { Span, Telemetry } from '../telemetry/telemetry.ts';
import { traceIdOf } from '../telemetry/trace.ts';
import { type Begun, begunTraces } from './begun-traces.ts';

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
 * that came in; here it is replaced by that of the span, so that every parent is a span that exists. What begins a trace of its
 * own instead: begun-traces.ts.
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
      const begun = begunTraces(deps.telemetry, messages, { openOf, startedAt: steppedAt });
      const carriers = messages.map((outgoing, at) => begun[at] ?? goingOn(outgoing, openOf));
      const own = new Set(begun.filter((one) => one !== undefined));
      try {
        await deps.outbox.send(messages.map((outgoing, at) => inSpan(outgoing, carriers[at])));
      } catch (error) {
        for (const one of own) one.end({ outcome: 'failed' });
        throw error;
      }
      steppedAt = deps.clock.now();
      for (const carrier of carriers) {
        if (carrier === undefined) continue;
        carrier.sent += 1;
        if ('sentAt' in carrier) carrier.sentAt = steppedAt;
      }
      for (const one of own) one.end({ endedAt: steppedAt });
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

function goingOn(outgoing: Outgoing, openOf: (traceparent: string) => Open | undefined): Open | undefined {
  return outgoing.to === 'refused' ? undefined : openOf(outgoing.message.traceparent);
}

function inSpan(outgoing: Outgoing, carrier: Open | Begun | undefined): Outgoing {
  if (carrier === undefined) return outgoing;
  const { traceparent } = 'span' in carrier ? carrier.span : carrier;
  return { ...outgoing, message: { ...outgoing.message, traceparent } } as Outgoing;
}
