import type { OutgoingLink } from '../amqp/outgoing-link.ts';
import { rhea } from '../amqp/rhea.ts';
import { ticksOf } from '../codec/ticks.ts';
import type { SessionLock } from '../engine/session.ts';
import type { Refusal, SessionDispatch } from '../engine/session-dispatch.ts';
import { conditions } from './conditions.ts';
import { type AnswerPace, consumerOn, type Settlement, settleVerdict } from './receive-queue.ts';

/** Key of source.filter that asks for a session and names the one given. */
export const sessionFilter = 'com.microsoft:session-filter';
const timeoutProperty = 'com.microsoft:timeout';
const defaultTimeoutMs = 60_000;

/** A link that asks for a session, holds one, or has lost it. */
export type SessionReceiver = {
  readonly lock: () => SessionLock | undefined;
  /** The link is gone: `dropped` leaves the session locked until the lock expires. */
  readonly leave: (how: 'closed' | 'dropped') => void;
};

/** Opens a receiver on a session: named by the filter, or the next free one, waiting for it as long as the client says. */
export function receiveFromSession(
  link: OutgoingLink,
  sessions: SessionDispatch,
  pace: AnswerPace,
): SessionReceiver {
  const wanted = link.filter[sessionFilter];
  const sessionId = typeof wanted === 'string' ? wanted : undefined;
  const timeout = link.properties[timeoutProperty];
  let lock: SessionLock | undefined;
  const withdraw = sessions.accept({
    sessionId,
    timeoutMs: typeof timeout === 'number' ? timeout : defaultTimeoutMs,
    granted: (given) => {
      lock = given;
      open(link, given, {
        pump: () => sessions.pump(given),
        settle: (token, outcome) => sessions.settle(given, token, outcome),
        lost: conditions.sessionLost,
        pace,
      });
    },
    refused: (why) => refuse(link, why, sessionId),
    lost: () => link.close(conditions.sessionLost()),
  });
  return {
    lock: () => lock,
    leave: (how) => {
      withdraw();
      if (lock === undefined) return;
      if (how === 'closed') sessions.release(lock);
      else sessions.abandonHolder(lock);
    },
  };
}

function open(
  link: OutgoingLink,
  lock: SessionLock,
  settlement: Settlement & { readonly pump: () => void },
): void {
  lock.consumer = consumerOn(link, undefined);
  link.accept(
    {
      filter: { [sessionFilter]: lock.session.id },
      properties: { 'com.microsoft:locked-until-utc': rhea.types.wrap_long(ticksOf(lock.until)) },
    },
    { onCredit: settlement.pump, onVerdict: (verdict) => settleVerdict(verdict, settlement) },
  );
}

function refuse(link: OutgoingLink, why: Refusal, sessionId: string | undefined): void {
  // An attach answered after the client ended the AMQP session would be a fatal protocol error there.
  if (!link.isWanted) return;
  link.refuse(why === 'locked' ? conditions.sessionTaken(sessionId ?? '') : conditions.timeout());
}
