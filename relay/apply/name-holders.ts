import type { Result } from '../../shared/contracts/result.ts';
import { markedObject } from '../../shared/domain/mark.ts';
import { localPart, suffixOf } from '../../shared/domain/names/name-parts.ts';
import { foldName } from '../directory/codec/fold-name.ts';
import type { Entry, EntrySummary, Principal, WantedNames } from '../ports.ts';
import type { Workplace } from './workplace.ts';

/** Who holds the names that were asked for, but for the entry itself; compared as AD does. */
export class NameHolders {
  readonly #holders: readonly Principal[];
  readonly #workplace: Workplace;

  private constructor(holders: readonly Principal[], workplace: Workplace) {
    this.#holders = holders;
    this.#workplace = workplace;
  }

  /** Looked for in the whole domain; nothing where nothing is asked for. */
  static async ask(
    wanted: WantedNames,
    entry: Entry | undefined,
    workplace: Workplace,
  ): Promise<NameHolders> {
    const isEmpty = [wanted.sAMAccountName ?? [], wanted.userPrincipalName ?? []].flat().length === 0;
    const holders = isEmpty ? [] : await workplace.directory.holders(wanted);
    return new NameHolders(
      holders.filter(({ guid }) => guid !== entry?.guid),
      workplace,
    );
  }

  get areNone(): boolean {
    return this.#holders.length === 0;
  }

  isAccountNameFree(name: string): boolean {
    const implied = foldName(`${name}@${this.#workplace.description.domain}`);
    return this.#holders.every(
      ({ names }) =>
        !isSame(names?.sAMAccountName, name) && foldName(names?.userPrincipalName ?? '') !== implied,
    );
  }

  isPrincipalNameFree(name: string): boolean {
    return (
      !this.#isImplied(name) && this.#holders.every(({ names }) => !isSame(names?.userPrincipalName, name))
    );
  }

  /** Entries of ours that hold the userPrincipalName explicitly; none where somebody holds it by implication too, which is for good. */
  async ownHoldersOf(name: string): Promise<EntrySummary[]> {
    if (this.#isImplied(name)) return [];
    const explicit = this.#holders.filter(({ names }) => isSame(names?.userPrincipalName, name));
    const own: EntrySummary[] = [];
    for (const holder of explicit) {
      const entry = await this.#ownEntry(holder);
      if (entry !== undefined) own.push(entry);
    }
    return own;
  }

  /** The cloud objects that entries of ours stand for. */
  objects(entries: readonly EntrySummary[]): Result['holders'] {
    return entries.flatMap(({ mark }) => (mark === undefined ? [] : (markedObject(mark) ?? [])));
  }

  /** Whether a sAMAccountName and the domain's own suffix make it somebody's. */
  #isImplied(name: string): boolean {
    if (suffixOf(name).toLowerCase() !== this.#workplace.description.domain) return false;
    return this.#holders.some(({ names }) => isSame(names?.sAMAccountName, localPart(name)));
  }

  /** Another relay may have created the holder: what memory does not know is read before it counts as a stranger. */
  async #ownEntry({ guid }: Principal): Promise<EntrySummary | undefined> {
    const { directory, index } = this.#workplace;
    const known = index.byGuid(guid);
    if (known !== undefined) return known;
    const read = await directory.read(guid, []);
    if (read !== undefined) index.put(read);
    return index.byGuid(guid);
  }
}

const isSame = (held: string | undefined, name: string): boolean =>
  held !== undefined && foldName(held) === foldName(name);
