import type { Row, RowCommanded } from '../../ports.ts';
import type { CloudObject } from '../kind-rules.ts';
import type { Decision, Question, StateBody } from './decision.ts';
import { hasFailed, isUncommitted } from './row-state.ts';

/** A body with what the row remembers of it. */
export type Wish = {
  body: StateBody;
  hash: string;
  state: Row['state'];
  /** Written to the row together with state and hash. */
  patch?: Partial<RowCommanded>;
  /** Something beside state and hash differs from what was last sent. */
  differs?: boolean;
};

/** Sends what differs from what was last sent, or what is not known to have been done. */
export function settle<T extends CloudObject>(question: Question<T>, wish: Wish): Decision {
  const { row } = question;
  const { body, hash, state, patch } = wish;
  if (isTooEarly(question, state)) return { patch: {} };
  const isSame = row?.hash === hash && row.state === state && wish.differs !== true;
  if (isSame && !mustRepeat(question, row)) return { patch: {} };
  return { body, isNews: !isSame, patch: { state, hash, ...patch } };
}

/**
 * An older ring of a parked object, which has another one to come: not even what a mapping gives anew with every read (the time)
 * is sent for it, or each failure would lead to several. Who has left meanwhile leaves at once.
 */
function isTooEarly<T extends CloudObject>({ ask, row, now }: Question<T>, state: Row['state']): boolean {
  if (row === undefined || row.state !== state || isUncommitted(row)) return false;
  const isOnlyParked = ask.parked && !ask.fresh && !ask.forced && !ask.nameWanted;
  return isOnlyParked && hasFailed(row) && (row.ringAt ?? 0) > now;
}

function mustRepeat<T extends CloudObject>({ ask, now }: Question<T>, row: Row): boolean {
  if (ask.forced || isUncommitted(row)) return true;
  // A parked object has one ring to come; an older one, or a replay of delta, must not start a second series of them.
  const waits = (row.ringAt ?? 0) > now;
  const isAskedNow = ask.fresh || ask.nameWanted;
  if (waits) return isAskedNow && hasFailed(row);
  // Done in the meantime: nothing of it is parked any more.
  const isParked = typeof row.ringAt === 'number';
  return hasFailed(row) || (ask.parked && isParked);
}
