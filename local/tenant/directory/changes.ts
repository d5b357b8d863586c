import type { SubscriptionState } from '../notifications/subscription-state.ts';
import type { ObjectType, Properties } from './directory-object.ts';
import type { Photo } from './photo.ts';

export type Relation = 'members' | 'owners';

/** What can happen to a directory. One change touches one object. */
export type DirectoryChange =
  | { op: 'create'; type: ObjectType; id: string; properties: Properties }
  | { op: 'patch'; id: string; properties: Properties }
  | { op: 'delete'; id: string }
  | { op: 'restore'; id: string }
  | { op: 'purge'; id: string }
  | { op: 'link'; relation: Relation; group: string; targets: readonly string[] }
  | { op: 'unlink'; relation: Relation; group: string; target: string }
  | { op: 'manager'; user: string; target: string | null }
  /** Lives beside the directory: no delta and no notification knows of it. */
  | { op: 'photo'; user: string; photo: Photo | null };

/** What can happen to the rest of a tenant's state. */
export type TenantChange =
  | { op: 'tenant'; tenantId: string }
  | { op: 'subscribe'; subscription: SubscriptionState }
  | { op: 'unsubscribe'; id: string }
  /** Notifications that are done with, delivered or given up; keys as in PendingNotifications. */
  | { op: 'notified'; keys: readonly string[] }
  /** An awkward behaviour showed itself: kept so that a restart forgets no count and repeats no single occurrence. */
  | { op: 'occurred'; name: string };

export type Change = DirectoryChange | TenantChange;

/**
 * A line of the journal. `seq` counts up by one per entry, but a `link` takes one number per target, so that every added
 * member has a position of its own. `quiet`: seeded, nobody is notified.
 */
export type EntryOf<C extends Change> = C extends unknown ? C & Numbered : never;
export type Entry = EntryOf<Change>;
export type Numbered = { seq: number; at: number; quiet?: true };

/** How many sequence numbers a change takes. */
export const numbersTaken = (change: Change): number =>
  change.op === 'link' ? Math.max(1, change.targets.length) : 1;
