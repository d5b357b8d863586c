import type { OutgoingLink, Verdict } from '../amqp/outgoing-link.ts';
import type { AmqpError } from '../amqp/rhea.ts';
import { tagOfToken, tokenOfTag } from '../codec/lock-token.ts';
import { writeMessage } from '../codec/write-message.ts';
import type { Consumer, Outcome } from '../engine/message.ts';
import type { PlainDispatch } from '../engine/plain-dispatch.ts';
import { conditions } from './conditions.ts';
import { outcomeOf } from './outcome.ts';

/** A consumer that sends on a link. `deadLetterSource` is named on messages of a dead-letter queue. */
export function consumerOn(link: OutgoingLink, deadLetterSource: string | undefined): Consumer {
  return {
    mode: link.isPresettled ? 'receive-and-delete' : 'peek-lock',
    credit: () => link.credit,
    deliver: (message, lock) =>
      link.send(writeMessage(message, { lockedUntil: lock.until, deadLetterSource }), tagOfToken(lock.token)),
  };
}

/** When a settlement is answered: at once, or later where a test has asked for slow settlement. */
export type AnswerPace = (answer: () => void) => void;

/** How deliveries on a link are settled: `lost` is the error where the lock is gone. */
export type Settlement = {
  readonly settle: (token: string, outcome: Outcome) => 'done' | 'lost';
  readonly lost: () => AmqpError;
  readonly pace: AnswerPace;
};

/** Settles what a client decided, and answers it. */
export function settleVerdict(verdict: Verdict, { settle, lost, pace }: Settlement): void {
  const outcome = outcomeOf(verdict.outcome, verdict.state);
  if (outcome === undefined) verdict.reject(conditions.notImplemented('defer'));
  else if (settle(tokenOfTag(verdict.tag), outcome) === 'done') pace(() => verdict.accept());
  else verdict.reject(lost());
}

/** A queue without sessions, or a dead-letter queue (then `deadLetterSource` is the queue it belongs to). */
export type PlainSource = { readonly dispatch: PlainDispatch; readonly deadLetterSource: string | undefined };

/** Opens a receiver without session; the answer takes it away when the link is gone. */
export function receiveFromQueue(link: OutgoingLink, source: PlainSource, pace: AnswerPace): () => void {
  const { dispatch, deadLetterSource } = source;
  const leave = dispatch.join(consumerOn(link, deadLetterSource));
  const settlement: Settlement = {
    settle: (token, outcome) => dispatch.settle(token, outcome),
    lost: conditions.messageLost,
    pace,
  };
  link.accept(
    {},
    { onCredit: () => dispatch.pump(), onVerdict: (verdict) => settleVerdict(verdict, settlement) },
  );
  return leave;
}
