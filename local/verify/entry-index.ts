import type { Identities, OnPremises } from './baseline.ts';
import type { DirectoryEntry, DirectoryState } from './directory-state.ts';
import { dnKey, isBelow } from './dn.ts';
import { folded } from './expected-names.ts';

/**
 * AD's entries by everything they can be found by. An entry belongs to a cloud object if either of its marks says so, or if it
 * is the very entry that carried the marks before: so a broken mark is one difference and not a whole missing entry.
 */
export type EntryIndex = {
  byDn: Map<string, DirectoryEntry>;
  bySid: Map<string, DirectoryEntry>;
  /** Entries below what is ours, or anywhere with a mark, by cloud id; more than one is an error. */
  owned: Map<string, DirectoryEntry[]>;
  /** Entries below what is ours that belong to no cloud object. */
  unowned: DirectoryEntry[];
  /** Who holds a name (folded): sAMAccountNames, and userPrincipalNames, said or implied by a sAMAccountName. */
  holders: Map<string, DirectoryEntry[]>;
};

/** `User_<id>` and `Group_<id>`: the cloud id, in lower case. */
export function markedId(entry: DirectoryEntry, attribute: string): string | undefined {
  const text = entry.values.get(attribute.toLowerCase())?.[0];
  return /^(?:User|Group)_([0-9a-f-]{36})$/i.exec(text ?? '')?.[1]?.toLowerCase();
}

/** The attributes that carry the mark; the second only where the schema has it. */
export const markAttributes = ['adminDescription', 'msDS-ExternalDirectoryObjectId'] as const;

export function indexEntries(
  directory: DirectoryState,
  baseline: { identities: Identities; onPremises: OnPremises },
): EntryIndex {
  const seenBefore = new Map(
    Object.entries(baseline.identities).map(([id, identity]) => [identity.guid, id]),
  );
  const index: EntryIndex = {
    ...{ byDn: new Map(), bySid: new Map(), owned: new Map(), unowned: [] },
    holders: new Map(),
  };
  const { destination, leavers } = directory;
  for (const entry of directory.entries) {
    for (const name of namesOf(entry, directory.domain))
      index.holders.set(name, [...(index.holders.get(name) ?? []), entry]);
    index.byDn.set(dnKey(entry.dn), entry);
    if (entry.sid !== undefined) index.bySid.set(entry.sid, entry);
    if (baseline.onPremises[entry.guid] !== undefined) continue;
    const id = ownerOf(entry, seenBefore);
    if (id !== undefined) index.owned.set(id, inOrder(index.owned.get(id) ?? [], entry, seenBefore));
    else if (isBelow(entry.dn, destination) || (leavers !== undefined && isBelow(entry.dn, leavers)))
      index.unowned.push(entry);
  }
  return index;
}

function namesOf({ values }: DirectoryEntry, domain: string): Set<string> {
  const account = values.get('samaccountname')?.[0];
  const principal = values.get('userprincipalname')?.[0];
  const names = [account, account === undefined ? undefined : `${account}@${domain}`, principal];
  return new Set(names.flatMap((name) => (name === undefined ? [] : [folded(name)])));
}

/** The entry that was seen before comes first: a second one with the same mark is the forgery. */
function inOrder(
  others: DirectoryEntry[],
  entry: DirectoryEntry,
  seenBefore: Map<string, string>,
): DirectoryEntry[] {
  return seenBefore.has(entry.guid) ? [entry, ...others] : [...others, entry];
}

function ownerOf(entry: DirectoryEntry, seenBefore: Map<string, string>): string | undefined {
  const marked = markAttributes.map((attribute) => markedId(entry, attribute)).find((id) => id !== undefined);
  return seenBefore.get(entry.guid) ?? marked;
}
