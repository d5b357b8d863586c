/*
 * Every span. One change is one trace:
 *
 *   notification          (functions)   an item of Graph's POST becomes a ring; or `ring` for timers and demands
 *     read users|groups   (functions)   from the batch's beginning to the last command that was sent for this trace
 *       apply             (relay)       from delivery to settlement
 *         ldap            (relay)       one write
 *         record          (functions)   the row, and rings for what is owed
 *           read …                      and so on
 *
 * What is large or late begins a trace of its own and links to the one it stems from: a page of a full round, or of whatever makes a
 * reader send more than 200 commands, and a ring that is due much later. A trace of 100,000 objects helps nobody, nor one of months.
 */
export type SpanSpec = {
  /** `consumer` and `server` are rows of AppRequests, the others of AppDependencies. */
  kind: 'server' | 'consumer' | 'client' | 'producer';
  from: 'functions' | 'relay';
  help: string;
  attributes: readonly string[];
};

export const spans = {
  notification: {
    kind: 'producer',
    from: 'functions',
    help: 'A ring made of notifications about objects that changed at the same time. Begins a trace.',
    attributes: ['kind', 'cause', 'ids'],
  },
  ring: {
    kind: 'producer',
    from: 'functions',
    help: 'A ring of a timer, of a lifecycle event, on demand, or due an hour later and more. Begins a trace.',
    attributes: ['kind', 'cause', 'want'],
  },
  'read users': {
    kind: 'consumer',
    from: 'functions',
    help: 'The reader of users, for one ring.',
    attributes: ['cause', 'want', 'attempt', 'sent', 'code'],
  },
  'read groups': {
    kind: 'consumer',
    from: 'functions',
    help: 'The reader of groups, for one ring.',
    attributes: ['cause', 'want', 'attempt', 'sent', 'code'],
  },
  'read page': {
    kind: 'producer',
    from: 'functions',
    help: 'A page of a full round, or of anything else beyond 200 commands. Begins a trace.',
    attributes: ['kind', 'round', 'page', 'sent'],
  },
  apply: {
    kind: 'consumer',
    from: 'relay',
    help: 'One command.',
    attributes: ['of', 'id', 'state', 'outcome', 'code', 'lane'],
  },
  ldap: {
    kind: 'client',
    from: 'relay',
    help: 'One LDAP write.',
    attributes: ['operation', 'code'],
  },
  record: {
    kind: 'consumer',
    from: 'functions',
    help: 'The recorder, for one result (or one dead letter).',
    attributes: ['of', 'id', 'outcome', 'sent', 'code'],
  },
} as const satisfies Record<string, SpanSpec>;

export type SpanName = keyof typeof spans;
export type SpanAttributes<S extends SpanName> = {
  [A in (typeof spans)[S]['attributes'][number]]?: string | number;
};
