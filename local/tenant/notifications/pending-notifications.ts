import type { DirectoryChange, EntryOf } from '../directory/changes.ts';
import type { Directory } from '../directory/directory.ts';
import type { ObjectType } from '../directory/directory-object.ts';
import type { SubscriptionState } from './subscription-state.ts';

/** A notification owed to a subscription. `key` names it in the journal. */
export type Pending = {
  key: string;
  subscription: string;
  changeType: 'updated' | 'deleted';
  type: 'user' | 'group';
  id: string;
  /** Epoch ms of the change. */
  at: number;
  seq: number;
  members?: readonly { id: string; '@removed'?: 'deleted' }[];
};

type Announced = Pick<Pending, 'type' | 'id' | 'changeType' | 'members'> & { relation?: string };

/**
 * Notifications that have not been delivered, derived from the journal: a change adds one per matching subscription, a
 * `notified` entry takes them away. So after a restart what is left is what is still owed.
 */
export class PendingNotifications {
  readonly #directory: Directory;
  readonly #subscriptions: ReadonlyMap<string, SubscriptionState>;
  readonly #pending = new Map<string, Pending>();
  /** Called for each new one; set by whoever delivers. */
  onAdded: (pending: Pending) => void = () => {};

  constructor(directory: Directory, subscriptions: ReadonlyMap<string, SubscriptionState>) {
    this.#directory = directory;
    this.#subscriptions = subscriptions;
  }

  get size(): number {
    return this.#pending.size;
  }

  all(): Pending[] {
    return [...this.#pending.values()];
  }

  has(key: string): boolean {
    return this.#pending.has(key);
  }

  add(entry: EntryOf<DirectoryChange>): void {
    const announced = this.#announced(entry);
    if (announced === undefined) return;
    const { relation, ...shown } = announced;
    for (const subscription of this.#subscriptions.values()) {
      if (entry.at >= subscription.expiresAt || !wants(subscription, announced, relation)) continue;
      const key = `${entry.seq}:${subscription.id}`;
      const pending = { ...shown, key, subscription: subscription.id, at: entry.at, seq: entry.seq };
      this.#pending.set(key, pending);
      this.onAdded(pending);
    }
  }

  settle(keys: readonly string[]): void {
    for (const key of keys) this.#pending.delete(key);
  }

  /** A subscription is gone, and what it was owed with it. */
  forget(subscription: string): void {
    for (const pending of this.#pending.values()) {
      if (pending.subscription === subscription) this.#pending.delete(pending.key);
    }
  }

  /** What a change is announced as: creating, soft-deleting and restoring are `updated` (reference A.1). */
  #announced(entry: EntryOf<DirectoryChange>): Announced | undefined {
    if (entry.op === 'purge') return this.#about(entry.id, 'deleted');
    if (entry.op === 'manager') return this.#about(entry.user, 'updated');
    if (entry.op === 'photo') return undefined;
    if (entry.op !== 'link' && entry.op !== 'unlink') return this.#about(entry.id, 'updated');
    const group = {
      type: 'group',
      id: entry.group,
      changeType: 'updated',
      relation: entry.relation,
    } as const;
    if (entry.relation === 'owners') return group;
    const members =
      entry.op === 'link'
        ? entry.targets.map((id) => ({ id }))
        : [{ id: entry.target, '@removed': 'deleted' as const }];
    return { ...group, members };
  }

  #about(id: string, changeType: Pending['changeType']): Announced | undefined {
    const type = this.#directory.history.lastTypeOf(id);
    return isNotified(type) ? { type, id, changeType } : undefined;
  }
}

const isNotified = (type: ObjectType | undefined): type is Pending['type'] =>
  type === 'user' || type === 'group';

function wants(subscription: SubscriptionState, announced: Announced, relation: string | undefined): boolean {
  if (!subscription.changeType.split(',').includes(announced.changeType)) return false;
  const [kind = '', id, part] = subscription.resource.replace(/^\//, '').toLowerCase().split('/');
  if (kind !== `${announced.type}s`) return false;
  return (id === undefined || id === announced.id) && (part === undefined || part === relation);
}
