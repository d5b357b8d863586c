import type { LeaveCause } from '../../domain/settings.ts';
import type { RowCommanded } from '../../ports.ts';
import type { CloudObject, LeftBody } from '../kind-rules.ts';
import type { Decision, Question } from './decision.ts';
import { mayEnable } from './may-enable.ts';
import { hasEntry } from './row-state.ts';
import { settle } from './settle.ts';

/**
 * What becomes of an entry whose object left: the policy of the cause says it, and for how long. The row remembers since when
 * and why, so that `deleteAfterDays` counts from the day it left; another cause (a soft-deleted object is purged) begins anew.
 * The ring that will ask again is sent when the clock starts, and once more by every full round: it may have been lost, or the
 * owner may have set another number of days. Who is out of scope is on a page of the round, who is deleted is asked about at its end.
 */
export function decideLeaving<T extends CloudObject>(question: Question<T>, cause: LeaveCause): Decision {
  const { rules, row, writeback, now, ask } = question;
  // Nothing is there any more, and this object never returns: the row goes as well.
  if (cause === 'hardDelete' && !hasEntry(row)) return gone(question);
  const isKnown = row?.leftFor === cause && typeof row.leftAt === 'number';
  const leftAt = isKnown && typeof row.leftAt === 'number' ? row.leftAt : now;
  const { body, dueAt } = rules.leave(writeback, cause, { leftAt, now });
  // Sent though nothing is new: whether the name was let go before, nobody knows.
  const letsGo = ask.nameWanted && body.state === 'suspended' && rules.kind === 'user';
  const asked = letsGo ? { ...question, ask: { ...ask, forced: true } } : question;
  const decision = settle(asked, {
    body: { ...body, ...(letsGo ? { names: 'let-go' } : {}), ...aboutAccount(question, body) },
    state: body.state,
    hash: hashOfLeaving(body),
    patch: rules.kind === 'user' ? enabledAfter(body) : {},
  });
  const patch = { ...decision.patch, ...(isKnown ? {} : { leftAt, leftFor: cause }) };
  const isScheduled = dueAt !== undefined && (!isKnown || decision.isNews || question.round !== undefined);
  return isScheduled ? { ...decision, patch, leaveAt: dueAt } : { ...decision, patch };
}

function gone<T extends CloudObject>({ now }: Question<T>): Decision {
  const body = { state: 'absent' } as const;
  const patch = { state: body.state, hash: hashOfLeaving(body), leftAt: now, leftFor: 'hardDelete' } as const;
  return { body, patch };
}

/** Whoever is found disabled now was not disabled by the cloud, where it may not be enabled. */
function aboutAccount<T extends CloudObject>({ row, writeback }: Question<T>, body: LeftBody) {
  return 'account' in body && body.account === 'disable' ? { mayEnable: mayEnable(row, writeback) } : {};
}

/** In words, because people read rows; the name that may be let go is none of it. */
function hashOfLeaving(body: LeftBody): string {
  return Object.values(body).join(' ');
}

/** `accountEnabled` as last sent: whoever returns may be enabled again, unless the account was left as it was. */
function enabledAfter(body: LeftBody): Partial<RowCommanded> {
  return 'account' in body && body.account === 'keep' ? {} : { enabled: false };
}
