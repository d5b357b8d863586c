import type { Command } from './contracts/command.ts';
import type { Refusal } from './contracts/refusal.ts';
import type { Result } from './contracts/result.ts';
import type { Ring } from './contracts/ring.ts';
import type { CloudGroup, CloudMember, CloudUser } from './domain/cloud-object.ts';
import type { Kind, ObjectId } from './domain/object-id.ts';
import type { Order } from './domain/order.ts';
import type { LeaveCause } from './domain/settings.ts';
import type { DurationMs, EpochMs } from './domain/time.ts';

/** Time has one door. */
export type Clock = {
  now(): EpochMs;
  /** Resolves after the span, or rejects with the signal's reason. */
  sleep(span: DurationMs, signal?: AbortSignal): Promise<void>;
};

/** What a direct read of one object found. `deleted`: soft-deleted, in deletedItems. `missing`: 404 in both places. */
export type Looked<T> = { found: 'live'; object: T } | { found: 'deleted'; object: T } | { found: 'missing' };

/** One item of a delta page. */
export type DeltaItem<T> =
  | { type: 'live'; id: ObjectId; object: T; added: CloudMember[]; removed: CloudMember[] }
  | { type: 'removed'; id: ObjectId; reason: 'changed' | 'deleted' };

/** `next`: more pages of this round. `done`: the round is complete; the link starts the next one. `resync`: 410, start anew. */
export type DeltaPage<T> =
  | { type: 'next'; items: DeltaItem<T>[]; link: string }
  | { type: 'done'; items: DeltaItem<T>[]; link: string }
  | { type: 'resync' };

/**
 * The cloud side (Microsoft Graph). Every read selects a witness property; an answer without it throws `graph-incomplete`.
 * Throws WritebackError: graph-throttled (with retryAfterMs), graph-unavailable, graph-refused, graph-invalid.
 */
export type Tenant = {
  /**
   * Bulk read; every id asked for has an answer. 404s are looked up in deletedItems. `photo`: with the photos of live users, which
   * take further requests, and only where the configuration wants them at all.
   */
  lookUsers(ids: readonly ObjectId[], wanted?: { photo: boolean }): Promise<Map<ObjectId, Looked<CloudUser>>>;
  lookGroups(ids: readonly ObjectId[]): Promise<Map<ObjectId, Looked<CloudGroup>>>;
  /** One page of a round; without a link, the first page of a full one. In users' pages `added` and `removed` are empty. */
  userPage(link: string | undefined): Promise<DeltaPage<CloudUser>>;
  groupPage(link: string | undefined): Promise<DeltaPage<CloudGroup>>;
  /** All direct members of a group, or `missing` where the group is not live. */
  membersOf(group: ObjectId): Promise<CloudMember[] | 'missing'>;
  /** The same of a group whose members fit on one page (999); `many` where they do not. */
  fewMembersOf(group: ObjectId): Promise<CloudMember[] | 'missing' | 'many'>;
  /** Ids of the groups that list the object directly, or `missing` where the object is not live. */
  membershipsOf(kind: Kind, id: ObjectId): Promise<ObjectId[] | 'missing'>;
  /** Which of these objects are members of at least one of these groups; `nested`: also through groups in them. */
  within(
    objects: readonly { kind: Kind; id: ObjectId }[],
    of: { groups: readonly ObjectId[]; nested: boolean },
  ): Promise<Set<ObjectId>>;
  /** All users and groups in these groups (the groups themselves not); groups that are not live are empty. */
  everyoneWithin(of: {
    groups: readonly ObjectId[];
    nested: boolean;
  }): Promise<{ users: Set<ObjectId>; groups: Set<ObjectId> }>;
  /** Users that report to these managers directly; a manager that is not live has none. */
  reportsTo(managers: readonly ObjectId[]): Promise<ObjectId[]>;
  /** What bare members (id and type only) are; ids that are not readable are left out. */
  resolveMembers(members: readonly CloudMember[]): Promise<CloudMember[]>;
};

export type Subscription = {
  id: string;
  resource: string;
  notificationUrl: string;
  lifecycleNotificationUrl: string | undefined;
  changeType: string;
  expiresAt: EpochMs;
};

/** Where Graph sends what changes, and the secret that it repeats in everything it sends. */
export type Endpoint = { notificationUrl: string; lifecycleUrl: string; clientState: string };

/** Graph change-notification subscriptions of this application. */
export type Subscriptions = {
  list(): Promise<Subscription[]>;
  /** `exists`: 409, somebody created the same one; list and adopt it. */
  create(wanted: {
    resource: string;
    expiresAt: EpochMs;
    endpoint: Endpoint;
  }): Promise<Subscription | 'exists'>;
  /** `gone`: 404, it must be created anew. */
  renew(id: string, expiresAt: EpochMs): Promise<Subscription | 'gone'>;
  remove(id: string): Promise<void>;
};

/** A message to send. `dueAt` schedules it. Session, message id and queue follow from the message (one rule, in the adapter). */
export type Outgoing =
  | { to: 'users' | 'groups'; message: Ring; dueAt?: EpochMs }
  | { to: 'writes'; message: Command }
  | { to: 'results'; message: Result }
  | { to: 'refused'; message: Refusal };

/** Sends all, in order per session, or throws (bus-unavailable, bus-refused, message-too-large); on a throw some may be sent. */
export type Outbox = { send(messages: readonly Outgoing[]): Promise<void> };

/** A cursor as stored; `tag` is what a conditional write needs. */
export type Cursor = {
  kind: Kind;
  epoch: number;
  owner: string;
  /** Where the next page is read from; absent before the first full round. */
  link: string | undefined;
  round: Round | undefined;
  /** When the newest complete round began and ended. */
  lastRoundStartedAt: EpochMs | undefined;
  lastRoundEndedAt: EpochMs | undefined;
  /** `Settings.hash` under which the newest full round began; absent since a reader with another one took over. */
  mapping: string | undefined;
  /** When the newest complete full round ended. */
  lastFullRoundEndedAt: EpochMs | undefined;
  /** Groups only: whether lists of a full round are still to be read. */
  listing: boolean;
  tag: string;
};

/** A round under way. `pagesSent` and `pagesDone` pace a full one. */
export type Round = {
  id: string;
  type: 'full' | 'incremental';
  startedAt: EpochMs;
  pagesSent: number;
  pagesDone: number;
  /** Of groups: when every replica shows what its pages knew. */
  caughtUpAt?: EpochMs | undefined;
};

/** The reader's half of a row. */
export type RowCommanded = {
  /** `synced`: mastered in AD, never written; kept for its SID. `outside`: not in scope and never written. */
  state: 'present' | 'suspended' | 'absent' | 'released' | 'synced' | 'outside';
  /** Hash of the desired state that was last sent. */
  hash?: string;
  order?: Order;
  /** SID of a synced object, kept when first resolved. */
  sid?: string;
  /** The full round that saw the object last. */
  round?: string;
  /** Groups: when a delta round last showed the object; order of the newest complete list. */
  shownAt?: EpochMs;
  listOrder?: Order;
  /** Groups: the newest complete list was empty, because the membership is hidden. */
  hidden?: boolean;
  /**
   * Groups: the kinds, comma-separated, for whose scope it counted (chosen, denied, or within such a group) when a delta round
   * last showed it.
   */
  followed?: string;
  /** Users: `accountEnabled` as last sent; a suspension that disables counts as false. */
  enabled?: boolean;
  /** Since when and why it is leaving; null where it is not. */
  leftAt?: EpochMs | null;
  leftFor?: LeaveCause | '';
  /** Hash of the photo last sent; '' for none. `?`: a command went out without it, so what was sent before proves nothing. */
  photo?: string;
  /** The same for the manager: its member key. */
  manager?: string;
};

/** The recorder's half of a row. */
export type RowRecorded = {
  objectGuid?: string;
  objectSid?: string;
  outcome?: string;
  code?: string;
  reason?: string;
  resultOrder?: Order;
  committedAt?: EpochMs;
  /** Parked: when it is rung next, and how often it was. Absent or null where not parked. */
  ringAt?: EpochMs | null;
  attempts?: number | null;
  /** Groups: order of the newest membership command that did not succeed; behind while it is not below listOrder. */
  behindOrder?: Order;
  /** Somebody's membership waits for this object's entry. */
  awaited?: boolean;
  /** Users: what the relay said of the account last. */
  account?: NonNullable<Result['account']> | '';
  /** Notices of the last result, comma-separated. */
  notices?: string;
  /** The entry that was deleted while the object may still return; '' for none. */
  formerGuid?: string;
  formerSid?: string;
  /** A first password that nobody has opened yet, sealed (base64). */
  sealedPassword?: string;
};

export type Row = RowCommanded & RowRecorded & { kind: Kind; id: ObjectId; tag: string };

/** The columns to write. */
export type RowChange = Partial<RowCommanded & RowRecorded> & { kind: Kind; id: ObjectId };

export type ParkedCount = { kind: Kind; code: string; count: number };

/**
 * State in Azure Tables. Reader and recorder write disjoint columns (merge). Conditional writes answer `conflict` where
 * somebody else wrote in between. Throws state-unavailable.
 */
export type State = {
  cursor(kind: Kind): Promise<Cursor | undefined>;
  /** Writes the whole cursor if its tag still holds (or, without a tag, if there is none); answers the new tag. */
  saveCursor(
    cursor: Omit<Cursor, 'tag'> & { tag: string | undefined },
  ): Promise<{ tag: string } | 'conflict'>;
  rows(kind: Kind, ids: readonly ObjectId[]): Promise<Map<ObjectId, Row>>;
  /** Every row of a kind, in pages. */
  allRows(kind: Kind): AsyncIterable<Row[]>;
  mergeRows(rows: readonly RowChange[]): Promise<void>;
  /** Merges into each row whose tag still holds (`undefined`: where there is no row); answers in the order of the merges. */
  mergeRowsIf(
    merges: readonly { row: RowChange; tag: string | undefined }[],
  ): Promise<('merged' | 'conflict')[]>;
  removeRows(rows: readonly { kind: Kind; id: ObjectId }[]): Promise<void>;
  /** How many rows are parked, by kind and code: those with a code and a next ring. */
  parked(): Promise<ParkedCount[]>;
  appendLog(entries: readonly LogEntry[]): Promise<void>;
  /** Small named values (counters, subscriptions, relays) for people and commands. */
  note(name: string, value: Record<string, string | number | boolean>): Promise<void>;
  /** What is kept under this name. */
  secret(name: string): Promise<string | undefined>;
  /** Keeps a value unless one is kept already; answers the one that is, the same to everybody who tries at once. */
  keepSecret(name: string, value: string): Promise<string>;
};

/** One line of the log: what was asked of an object, what became of it, when. Attribute names, never values. */
export type LogEntry = Omit<Result, 'v' | 'traceparent' | 'type' | 'sealedPassword'> & { traceId: string };
