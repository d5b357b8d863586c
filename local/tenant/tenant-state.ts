import {
  type Change,
  type DirectoryChange,
  type Entry,
  type EntryOf,
  numbersTaken,
} from './directory/changes.ts';
import { Directory } from './directory/directory.ts';
import type { Journal } from './journal.ts';
import { PendingNotifications } from './notifications/pending-notifications.ts';
import type { SubscriptionState } from './notifications/subscription-state.ts';

type Kept = Pick<Journal, 'append' | 'entries'>;

/** What a tenant must not forget: the directory, subscriptions, notifications not yet delivered, awkward occurrences. */
export class TenantState {
  readonly directory = new Directory();
  readonly subscriptions = new Map<string, SubscriptionState>();
  readonly pending: PendingNotifications;
  readonly occurrences = new Map<string, number>();
  readonly #journal: Kept;
  readonly #now: () => number;
  #tenantId = '';
  #seq = 0;

  constructor(options: { journal: Kept; now: () => number; newId: () => string }) {
    this.#journal = options.journal;
    this.#now = options.now;
    this.pending = new PendingNotifications(this.directory, this.subscriptions);
    for (const entry of options.journal.entries()) this.#apply(entry);
    if (this.#tenantId === '') this.commit([{ op: 'tenant', tenantId: options.newId() }]);
  }

  get tenantId(): string {
    return this.#tenantId;
  }

  /** Writes changes to the journal, then makes them so. `quiet`: nobody is notified. */
  commit(changes: readonly Change[], quiet = false): void {
    const at = this.#now();
    let seq = this.#seq;
    const entries = changes.map((change): Entry => {
      const entry = { ...change, seq: seq + 1, at, ...(quiet && { quiet: true as const }) };
      seq += numbersTaken(change);
      return entry;
    });
    this.#journal.append(entries);
    for (const entry of entries) this.#apply(entry);
  }

  #apply(entry: Entry): void {
    this.#seq = entry.seq + numbersTaken(entry) - 1;
    if (entry.op === 'tenant') this.#tenantId = entry.tenantId;
    else if (entry.op === 'subscribe') this.subscriptions.set(entry.subscription.id, entry.subscription);
    else if (entry.op === 'unsubscribe') this.#unsubscribe(entry.id);
    else if (entry.op === 'notified') this.pending.settle(entry.keys);
    else if (entry.op === 'occurred')
      this.occurrences.set(entry.name, (this.occurrences.get(entry.name) ?? 0) + 1);
    else this.#applyToDirectory(entry);
  }

  #unsubscribe(id: string): void {
    this.subscriptions.delete(id);
    this.pending.forget(id);
  }

  #applyToDirectory(entry: EntryOf<DirectoryChange>): void {
    this.directory.apply(entry);
    if (entry.quiet !== true) this.pending.add(entry);
  }
}
