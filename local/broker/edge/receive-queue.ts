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

/** Settles what a client decided, and answers it. */
export function settleVerdict(
  verdict: Verdict,
  settle: (token: string, outcome: Outcome) => 'done' | 'lost',
  lost: () => AmqpError,
): void {
  const outcome = outcomeOf(verdict.outcome, verdict.state);
  if (outcome === undefined) verdict.reject(conditions.notImplemented('defer'));
  else if (settle(tokenOfTag(verdict.tag), outcome) === 'done') verdict.accept();
  else verdict.reject(lost());
}

/** Opens a receiver without session on a queue or a dead-letter queue; the answer takes it away when the link is gone. */
export function receiveFromQueue(
  link: OutgoingLink,
  dispatch: PlainDispatch,
  deadLetterSource: string | undefined,
): () => void {
  const leave = dispatch.join(consumerOn(link, deadLetterSource));
  link.accept(
    {},
    {
      onCredit: () => dispatch.pump(),
      onVerdict: (verdict) =>
        settleVerdict(verdict, (token, outcome) => dispatch.settle(token, outcome), conditions.messageLost),
    },
  );
  return leave;
}
