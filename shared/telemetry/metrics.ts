import { outcomes } from '../contracts/result.ts';
import { errorCodes } from '../errors.ts';

/*
 * Every metric, its unit and its dimensions. Whoever records one is checked against this table by the compiler, docs/telemetry.md is
 * generated from it, and the queries of alerts and workbook are held against it by a test.
 *
 * Azure Monitor keeps of a histogram the sum, the count, the least and the greatest of a minute, not its buckets: percentiles
 * come from events (`applied` has every lag) and spans.
 */

/** `unit`: UCUM. `values` of a dimension are all there are. `planned`: nothing records it yet. */
export type MetricSpec = {
  instrument: 'counter' | 'histogram' | 'gauge';
  unit: 'ms' | 's' | '1';
  from: readonly ('functions' | 'relay')[];
  help: string;
  dimensions: Readonly<Record<string, readonly string[]>>;
  planned?: string;
};

const of = ['user', 'group', 'difference', 'slice'] as const;
const kind = ['user', 'group'] as const;

export const metrics = {
  'writeback.lag': {
    instrument: 'histogram',
    unit: 'ms',
    from: ['relay'],
    help: 'How long a change took, by leg: from the event in Graph or the doorbell to the next station, and as a whole. Commands of a ring only where cause is ring.',
    dimensions: {
      leg: ['event-to-ring', 'ring-to-command', 'command-to-commit', 'ring-to-commit', 'event-to-commit'],
      of,
      cause: ['ring', 'round', 'full-round'],
    },
  },
  'writeback.changes': {
    instrument: 'counter',
    unit: '1',
    from: ['relay'],
    help: 'Commands answered, by what they were about and what became of them.',
    dimensions: { of, outcome: outcomes },
  },
  'writeback.apply.duration': {
    instrument: 'histogram',
    unit: 'ms',
    from: ['relay'],
    help: 'From the delivery of a command to its settlement.',
    dimensions: { of, outcome: outcomes },
  },
  'writeback.ldap.duration': {
    instrument: 'histogram',
    unit: 'ms',
    from: ['relay'],
    help: 'LDAP requests as the domain controller answered them.',
    dimensions: { operation: ['search', 'add', 'modify', 'rename', 'delete'], outcome: ['ok', 'failed'] },
  },
  'writeback.ldap.errors': {
    instrument: 'counter',
    unit: '1',
    from: ['relay'],
    help: 'LDAP requests that failed, by our error code.',
    dimensions: { code: errorCodes },
  },
  'writeback.relay.heartbeat': {
    instrument: 'gauge',
    unit: '1',
    from: ['relay'],
    help: 'Entries of ours that the relay knows of, told every minute while it lives. state: whether its lanes are open.',
    dimensions: { state: ['starting', 'open', 'paused', 'halted'] },
  },
  'writeback.queue.depth': {
    instrument: 'gauge',
    unit: '1',
    from: ['relay'],
    help: 'Commands waiting in writes as the relay sees them by peeking once a minute; 250 means 250 or more.',
    dimensions: { queue: ['writes'] },
  },
  'writeback.queue.age': {
    instrument: 'gauge',
    unit: 's',
    from: ['relay'],
    help: 'How long the oldest of them has waited.',
    dimensions: { queue: ['writes'] },
  },
  'writeback.notifications': {
    instrument: 'counter',
    unit: '1',
    from: ['functions'],
    help: 'Items of change and lifecycle notifications. unavailable: answered 503, Graph sends them again.',
    dimensions: { outcome: ['accepted', 'dropped', 'unavailable'] },
  },
  'writeback.handled': {
    instrument: 'counter',
    unit: '1',
    from: ['functions'],
    help: 'Messages handled by the triggers. failed: tried again in place, rung anew, or given back to the queue.',
    dimensions: {
      queue: ['users', 'groups', 'results', 'writes/$DeadLetterQueue'],
      outcome: ['done', 'failed', 'refused'],
    },
  },
  'writeback.handle.duration': {
    instrument: 'histogram',
    unit: 'ms',
    from: ['functions'],
    help: 'How long one batch of a trigger took.',
    dimensions: {
      queue: ['users', 'groups', 'results', 'writes/$DeadLetterQueue'],
      outcome: ['done', 'failed'],
    },
  },
  'writeback.round.duration': {
    instrument: 'histogram',
    unit: 's',
    from: ['functions'],
    help: 'Delta rounds that were completed, from their beginning to the committed cursor.',
    dimensions: { kind, type: ['full', 'incremental'] },
  },
  'writeback.round.pages': {
    instrument: 'counter',
    unit: '1',
    from: ['functions'],
    help: 'Pages of delta rounds whose cursor was committed.',
    dimensions: { kind, type: ['full', 'incremental'] },
  },
  'writeback.graph.requests': {
    instrument: 'counter',
    unit: '1',
    from: ['functions'],
    help: 'Answers of Microsoft Graph, those inside a batch one by one. throttled: 429; unavailable: 5xx or none; refused: 401 or 403.',
    dimensions: { outcome: ['ok', 'not-found', 'throttled', 'unavailable', 'refused', 'resync', 'other'] },
  },
  'writeback.subscription.expiry': {
    instrument: 'gauge',
    unit: 's',
    from: ['functions'],
    help: 'How long the subscription lives on; 0 where there is none. Told whenever subscriptions are looked after, at least every half hour.',
    dimensions: { resource: ['users', 'groups'] },
  },
  'writeback.parked': {
    instrument: 'gauge',
    unit: '1',
    from: ['functions'],
    help: 'Objects that are parked, by the code they are parked for; counted every ten minutes. Every code is told each time, 0 where there is none.',
    dimensions: { kind, code: errorCodes },
  },
  'writeback.held': {
    instrument: 'gauge',
    unit: '1',
    from: ['functions'],
    help: 'Changes that the brake stopped and that wait for approval.',
    dimensions: { kind },
    planned: 'comes with the brake',
  },
  'writeback.drift': {
    instrument: 'counter',
    unit: '1',
    from: ['relay'],
    help: 'On-premises edits of what is ours that the relay noticed.',
    dimensions: { kind },
    planned: 'comes with drift detection',
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof metrics;
export type DimensionsOf<M extends MetricName> = {
  [D in keyof (typeof metrics)[M]['dimensions']]: (typeof metrics)[M]['dimensions'][D] extends readonly (infer V)[]
    ? V
    : never;
};
