import { WritebackError } from '../shared/errors.ts';
import { ListMemory } from './apply/list-memory.ts';
import type { Workplace } from './apply/workplace.ts';
import type { RelayClock } from './clock.ts';
import { guardFilters } from './guard/guard-plan.ts';
import { EntryIndex } from './index/entry-index.ts';
import { Principals } from './index/principals.ts';
import type { Directory, Sid } from './ports.ts';

export type SiteSettings = {
  /** Opens the directory with the settings as they are now: a password file may have been renewed. */
  connect(): Directory;
  acceptedOwners: readonly Sid[];
  newPassword(): Uint8Array;
  clock: RelayClock;
};

/** The directory as it is connected now, with the index of what is ours in it. */
export class WorkSite {
  readonly #settings: SiteSettings;
  #workplace: Workplace | undefined;

  constructor(settings: SiteSettings) {
    this.#settings = settings;
  }

  get workplace(): Workplace {
    if (this.#workplace !== undefined) return this.#workplace;
    throw new WritebackError('directory-unavailable', { detail: 'not connected yet' });
  }

  get isOpen(): boolean {
    return this.#workplace !== undefined;
  }

  /** Connects anew and reads everything under the destination. Throws what is wrong; the connection before is gone. */
  async open(): Promise<void> {
    await this.close();
    const { connect, acceptedOwners, newPassword, clock } = this.#settings;
    const directory = connect();
    try {
      const description = await directory.describe();
      const index = new EntryIndex({ directory, description, acceptedOwners });
      await index.load();
      const filters = guardFilters((entry) => index.isOurs(entry));
      const principals = new Principals(directory, clock);
      const lists = new ListMemory(clock);
      this.#workplace = { directory, description, index, principals, lists, filters, newPassword };
    } catch (thrown) {
      await directory.close().catch(() => undefined);
      throw thrown;
    }
  }

  async close(): Promise<void> {
    const workplace = this.#workplace;
    this.#workplace = undefined;
    await workplace?.directory.close().catch(() => undefined);
  }
}
