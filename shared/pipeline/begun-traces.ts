import type { Outgoing } from '../ports.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** A trace that some messages of a step begin. */
export type Begun = {
  readonly traceparent: string;
  sent: number;
  end(how: { outcome: 'failed' } | { endedAt: number }): void;
};

/** The span that a message would go on with. */
type Reader = { span: { readonly traceparent: string }; sent: number };
type From = { openOf: (traceparent: string) => Reader | undefined; startedAt: number };

/** A trace of more commands helps nobody who looks for one change. */
const mostInOneTrace = 200;

/**
 * For each message the trace that it begins, linked to the one that sends it; undefined where it goes on with that:
 *
 * - Commands of a full round, and those beyond the first 200 that a ring makes us send: a trace for what a step sends of them.
 * - A ring that is due much later: an object that waits for months would have one trace of all its tries otherwise.
 */
export function begunTraces(
  telemetry: Pick<Telemetry, 'start'>,
  messages: readonly Outgoing[],
  from: From,
): (Begun | undefined)[] {
  const begun = new Map<Outgoing, Begun>();
  const readerOf = ({ message }: CommandLike | RingLike) => from.openOf(message.traceparent);
  for (const [reader, commands] of Map.groupBy(messages.filter(isCommand), readerOf)) {
    const isTooMuch = (reader?.sent ?? 0) + commands.length > mostInOneTrace;
    const cut = isTooMuch ? commands : commands.filter(isOfFullRound);
    const [first] = cut;
    if (first === undefined) continue;
    const page = beginPage(telemetry, first, stemOf(first, reader, from));
    for (const command of cut) begun.set(command, page);
  }
  for (const ring of messages.filter(isAppointment))
    begun.set(ring, beginRing(telemetry, ring, stemOf(ring, readerOf(ring), from)));
  return messages.map((outgoing) => begun.get(outgoing));
}

type CommandLike = Extract<Outgoing, { to: 'writes' | 'results' }>;
type RingLike = Extract<Outgoing, { to: 'users' | 'groups' }>;
/** What a trace stems from, and since when. */
type Stem = { links: readonly string[]; startedAt: number };

const stemOf = (
  { message }: CommandLike | RingLike,
  reader: Reader | undefined,
  { startedAt }: From,
): Stem => ({ links: [reader?.span.traceparent ?? message.traceparent], startedAt });

const isCommand = (outgoing: Outgoing): outgoing is CommandLike =>
  outgoing.to === 'writes' || outgoing.to === 'results';
const isOfFullRound = ({ message }: CommandLike): boolean => message.cause === 'full-round';

/** Only a ring that is due much later is as old as its due time (reading/rings.ts). */
const isAppointment = (outgoing: Outgoing): outgoing is RingLike =>
  'dueAt' in outgoing && outgoing.message.times.ring === outgoing.dueAt;

function beginPage(telemetry: Pick<Telemetry, 'start'>, { message }: CommandLike, stem: Stem): Begun {
  const { page } = message;
  const of = message.type === 'result' ? message.of : message.type;
  const kind = of === 'user' ? 'user' : 'group';
  const round = page === undefined ? {} : { round: page.round, page: page.number };
  const span = telemetry.start('read page', { ...stem, attributes: { kind, ...round } });
  const begun: Begun = {
    traceparent: span.traceparent,
    sent: 0,
    end: (how) => span.end('outcome' in how ? how : { ...how, attributes: { sent: begun.sent } }),
  };
  return begun;
}

function beginRing(telemetry: Pick<Telemetry, 'start'>, { message }: RingLike, stem: Stem): Begun {
  const { kind, cause, want } = message;
  const attributes = { kind, cause, want: want.type };
  const span = telemetry.start('ring', { ...stem, attributes });
  return { traceparent: span.traceparent, sent: 0, end: (how) => span.end(how) };
}
