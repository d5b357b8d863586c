/*
 * Every event: a line of the log, and a row of AppTraces whose Message is the event's name and whose Properties are the fields. The
 * compiler checks both against this table. Fields are names, ids, codes, counts and times; never values of attributes, never
 * secrets.
 */
export type EventSpec = {
  from: readonly ('functions' | 'relay')[];
  help: string;
  /** `settings`: the redacted configuration, whose names are those of the settings. */
  fields: readonly string[] | 'settings';
};

const failure = ['code', 'disposition', 'error', 'stack'] as const;
const counts = ['hints', 'lifecycle', 'unusable', 'unknown', 'foreign', 'requests'] as const;

export const events = {
  applied: {
    from: ['relay'],
    help: 'One command, and the audit log: which attributes of which object were changed, by which relay, when, because of which change in the cloud (traceId, times). lagMs: from the event, or the ring where Graph named no time, to the commit; only where something was committed. asked: of who left, which suspension. omittedFor: why members were left out, by code, with the first five of each; then it is a warning.',
    fields: [
      ...['id', 'of', 'state', 'asked', 'cause', 'outcome', 'code', 'reason'],
      ...['changed', 'added', 'removed', 'missing', 'omitted', 'omittedFor', 'notices', 'holders'],
      ...['account', 'objectGuid', 'order', 'times', 'traceId', 'ms', 'lagMs', 'lane', 'relay'],
    ],
  },
  handled: {
    from: ['functions'],
    help: 'One batch of a trigger.',
    fields: ['queue', 'messages', 'steps', 'sent', 'outcome', 'code', 'ms', 'traceIds'],
  },
  recorded: {
    from: ['functions'],
    help: 'An object that is parked from now on, or no longer is (parked false).',
    fields: ['id', 'kind', 'parked', 'code', 'reason', 'attempts', 'ringAt', 'traceId'],
  },
  failed: { from: ['functions'], help: 'What stopped a batch.', fields: ['queue', ...failure] },
  refused: {
    from: ['functions', 'relay'],
    help: 'Messages that could not be parsed; they are in the queue refused.',
    fields: ['queue', 'count', 'reasons', 'code', 'messageId', 'reason'],
  },
  'ring failed alone': {
    from: ['functions'],
    help: 'A ring that fails even without the others of its batch; `failed` says why.',
    fields: ['queue', 'want', 'kept', 'code', 'traceId'],
  },
  configuration: {
    from: ['functions', 'relay'],
    help: 'The effective settings, redacted.',
    fields: 'settings',
  },
  'the app cannot start': { from: ['functions'], help: 'Wrong settings, all of them.', fields: ['error'] },
  'the configuration has changed': {
    from: ['functions'],
    help: 'Everything is read anew.',
    fields: ['kinds'],
  },
  'a changed configuration waits': {
    from: ['functions'],
    help: 'It could not be rung for; the next sweep does.',
    fields: ['error'],
  },
  'items dropped': {
    from: ['functions'],
    help: 'Items of notifications that are not ours, or say nothing that can be used; at most once a minute, added up.',
    fields: counts,
  },
  'webhook unavailable': {
    from: ['functions'],
    help: 'Answered 503: Graph sends the same again. At most once a minute and code, added up.',
    fields: [...counts, 'code'],
  },
  'webhook refused': {
    from: ['functions'],
    help: 'Answered 400 or 413; at most once a minute and status.',
    fields: ['status', 'requests'],
  },
  'subscription made': { from: ['functions'], help: 'Made anew.', fields: ['resource', 'id'] },
  'subscription adopted': {
    from: ['functions'],
    help: 'Somebody else just made it.',
    fields: ['resource', 'id'],
  },
  'subscription renewed': { from: ['functions'], help: 'Lives on.', fields: ['resource', 'id'] },
  'subscription removed': { from: ['functions'], help: 'Not as it should be.', fields: ['resource', 'id'] },
  'subscriptions not kept yet': {
    from: ['functions'],
    help: 'Tried again after waitMs.',
    fields: ['code', 'waitMs'],
  },
  'subscriptions cannot be compared': {
    from: ['functions'],
    help: 'Graph did not list them; for now every subscription counts as ours.',
    fields: ['code'],
  },
  'parked counted': {
    from: ['functions'],
    help: 'How many objects are parked.',
    fields: ['users', 'groups'],
  },
  'directory open': {
    from: ['relay'],
    help: 'Connected, and everything under the destination was read.',
    fields: ['entries', 'domain', 'account'],
  },
  'lane failed': { from: ['relay'], help: 'A failure of one lane only.', fields: ['lane', 'code', 'reason'] },
  'lanes open': { from: ['relay'], help: 'Work goes on after this code.', fields: ['after'] },
  'lanes paused': { from: ['relay'], help: 'Everything stays queued.', fields: ['code', 'reason'] },
  HALTED: {
    from: ['relay'],
    help: 'Nothing is applied, everything stays queued, until a person acts.',
    fields: ['code', 'reason'],
  },
  'telemetry failed': {
    from: ['functions', 'relay'],
    help: 'Telemetry could not be sent; loudly: its settings are wrong. On the console only; the work goes on.',
    fields: ['error'],
  },
  stopped: { from: ['relay'], help: 'Ended as asked.', fields: [] },
} as const satisfies Record<string, EventSpec>;

export type EventName = keyof typeof events;
export type FieldsOf<E extends EventName> = (typeof events)[E]['fields'] extends readonly (infer F extends
  string)[]
  ? { [K in F]?: unknown }
  : Record<string, unknown>;
