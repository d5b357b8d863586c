import { WritebackError } from '../shared/errors.ts';
import { ListMemory } from './apply/list-memory.ts';
import type { NewPassword, Workplace } from './apply/workplace.ts';
import type { RelayClock } from './clock.ts';
import { attributeRules } from './guard/attribute-rules.ts';
import { guardFilters } from './guard/guard-plan.ts';
import { EntryIndex } from './index/entry-index.ts';
import { Principals } from './index/principals.ts';
import type { NewAccount } from './plan/plan.ts';
import type { Directory, Sid } from './ports.ts';

export type SiteSettings = {
  /** Opens the directory with the settings as they are now: a password file may have been renewed. */
  connect(): Directory;
  acceptedOwners: readonly Sid[];
  /** Attributes that the relay may write besides its own list. */
  extraAttributes: readonly string[];
  newAccount: NewAccount;
  newPassword(): NewPassword;
  /** Where a userPrincipalName goes whose suffix the forest does not know; the DNS name of the domain where undefined. */
  upnSuffix: string | undefined;
  clock: RelayClock;
};

/** The directory as it is connected now, with the index of what is ours in it. */
export class WorkSite {
  readonly #settings: SiteSettings;
  #workplace: Workplace | undefined;
  #entriesBefore = 0;

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

  /** How many entries of ours there are, or were when the directory was last connected. */
  get entries(): number {
    return this.#workplace?.index.size ?? this.#entriesBefore;
  }

  /** Connects anew and reads everything under the destination. Throws what is wrong; the connection before is gone. */
  async open(): Promise<void> {
    await this.close();
    const { connect, acceptedOwners, clock, newAccount, newPassword, upnSuffix } = this.#settings;
    const directory = connect();
    try {
      const description = await directory.describe();
      const index = new EntryIndex({ directory, description, acceptedOwners });
      await index.load();
      const rules = attributeRules(this.#settings.extraAttributes);
      this.#workplace = {
        directory,
        description,
        index,
        principals: new Principals(directory, clock),
        lists: new ListMemory(clock),
        rules,
        filters: guardFilters({ isOurs: (entry) => index.isOurs(entry), rules, newAccount }),
        newAccount,
        newPassword,
        fallbackSuffix: upnSuffix ?? description.domain,
      };
    } catch (thrown) {
      await directory.close().catch(() => undefined);
      throw thrown;
    }
  }

  async close(): Promise<void> {
    const workplace = this.#workplace;
    this.#entriesBefore = this.entries;
    this.#workplace = undefined;
    await workplace?.directory.close().catch(() => undefined);
  }
}
