/**
 * What a change in the cloud does to AD, in the words of the relay's log: an entry comes, goes or changes an attribute, or a
 * group gets or loses members. `nothing` is a change that must not reach AD at all, so it has no lag.
 */
export type Effect =
  | { type: 'entry'; id: string; outcome: 'created' | 'deleted' | 'suspended' }
  | { type: 'attribute'; id: string; name: string }
  | { type: 'members'; id: string; added: number; removed: number }
  | { type: 'nothing' };

/** One change that somebody made through Graph. Times are epoch ms. */
export type Change = {
  what: string;
  /** Cloud id of what was changed. */
  target: string;
  effect: Effect;
  sentAt: number;
  /** When Graph had answered: the lag begins here. */
  respondedAt: number;
};
