import type { Kind } from '../shared/domain/object-id.ts';

/** objectGUID as text: lower case, dashes, Microsoft's byte order (first three fields little-endian). */
export type Guid = string & { readonly __brand: 'Guid' };

/** A security identifier as text, `S-1-5-21-…`. */
export type Sid = string & { readonly __brand: 'Sid' };

/** A distinguished name as the directory returned it. Never compared as text. */
export type Dn = string & { readonly __brand: 'Dn' };

/** The two OUs that are ours; the second only where the configuration names it. */
export type Place = 'destination' | 'leavers';

/** What the relay keeps in memory of an entry under the destination. */
export type EntrySummary = {
  guid: Guid;
  sid: Sid;
  dn: Dn;
  kind: Kind;
  place: Place;
  /** adminDescription, or undefined where it has none. */
  mark: string | undefined;
  /** Owner in its security descriptor: the account that created it. `undefined` where it could not be read. */
  owner: Sid | undefined;
};

/** An entry as read for planning. */
export type Entry = EntrySummary & {
  cn: string;
  /** The text attributes that were asked for and are there, by LDAP name; several values keep the first. */
  attributes: Record<string, string>;
  /** All values of each of them, in no order. */
  lists: Record<string, readonly string[]>;
  /** SHA-256 (hex) of octet strings that were asked for. */
  digests: Record<string, string>;
  /** Users: objectGUID of the manager. */
  manager: Guid | undefined;
  userAccountControl: number | undefined;
  groupType: number | undefined;
  /** False while no password was ever set (pwdLastSet 0). Users only. */
  passwordSet: boolean | undefined;
  adminCount: number;
};

/** Somebody outside our index: a member by SID, or the holder of a name. */
export type Principal = {
  guid: Guid;
  sid: Sid;
  dn: Dn;
  kind: Kind | 'other';
  adminCount: number;
  /** Holders of names only: what it is called, to tell which of the names that were asked for it holds. */
  names?: { sAMAccountName?: string; userPrincipalName?: string };
};

/** Names that somebody may hold; several of one sort are candidates of one entry. */
export type WantedNames = {
  userPrincipalName?: string | readonly string[];
  sAMAccountName?: string | readonly string[];
};

/** A direct member as its group names it: what kind of entry it is, a group does not say. `sid` is S-1-0-0 where it has none. */
export type Member = Pick<Principal, 'guid' | 'sid' | 'dn'>;

export type MemberEdit = { add: readonly Guid[]; remove: readonly Guid[] };

/** Members that the directory refused one by one; everything else of the edit is done. */
export type MemberOutcome = {
  added: number;
  removed: number;
  refused: { guid: Guid; code: 'member-missing' | 'member-refused' }[];
};

/** Values to set; an empty list clears. Text, or bytes for octet strings. */
export type Replacements = Record<string, readonly (string | Uint8Array)[]>;

/** What an add carries besides its class. */
export type NewEntry = { kind: Kind; cn: string; attributes: Record<string, string | readonly string[]> };

/** An entry in the recycle bin, or a tombstone. `restorable`: with its attributes, as from a recycle bin. */
export type DeletedEntry = {
  guid: Guid;
  sid: Sid;
  kind: Kind;
  /** adminDescription alone. */
  mark: string | undefined;
  /** Who created it; `undefined` where that could not be read. */
  owner: Sid | undefined;
  adminCount: number;
  restorable: boolean;
};

/**
 * The directory under one destination OU, on one domain controller. Foreign errors arrive as WritebackError with a directory
 * code (shared/errors.ts); after a lost connection the outcome of a write is unknown, which is `directory-unavailable`: the
 * caller reads again before it repeats.
 */
export type Directory = {
  /** What is known of the domain: read once at start; throws destination-missing, credentials-refused, directory-untrusted. */
  describe(): Promise<DirectoryDescription>;
  /** All users and groups in both places, in pages of up to 1,000. */
  entries(): AsyncIterable<EntrySummary[]>;
  /** Entries in both places that carry the mark, by an indexed search where the schema allows. */
  findByMark(mark: string): Promise<EntrySummary[]>;
  /** Reads one entry anew; `undefined` where it is gone or in neither place any more. */
  read(guid: Guid, attributes: readonly string[]): Promise<Entry | undefined>;
  /** The mark of an entry that is in neither place; `undefined` where it has none, or there is no such entry. */
  markElsewhere(guid: Guid): Promise<string | undefined>;
  /** The child of the place with this cn, whoever it belongs to. */
  findByCn(cn: string, place: Place): Promise<EntrySummary | undefined>;
  /** Holders of any of the names anywhere in the domain, implicit userPrincipalNames included, with their `names`. */
  holders(name: WantedNames): Promise<Principal[]>;
  /** Users and groups of the domain by SID; unknown ones are left out. */
  findBySid(sids: readonly Sid[]): Promise<Map<Sid, Principal>>;
  /** Creates a child of the destination and answers what the directory made of it. */
  add(entry: NewEntry): Promise<EntrySummary>;
  /** One modify of replaces, on `<GUID=…>`. */
  replace(guid: Guid, values: Replacements): Promise<void>;
  /** One modifyDN: new cn, and the other place where it is not there yet. */
  move(guid: Guid, to: { cn: string; place: Place }): Promise<Dn>;
  /** Deleted users and groups with this objectGUID; none where the account may not see deleted objects. */
  findDeleted(guid: Guid): Promise<DeletedEntry | undefined>;
  /** Brings a deleted entry back as a child of the destination, disabled or without rights as the directory keeps it. */
  restore(guid: Guid, cn: string): Promise<EntrySummary>;
  /** Users that have the entry as manager (back-link), anywhere. */
  reportsOf(guid: Guid): Promise<Guid[]>;
  /** Deletes the entry; one that is gone already is success. */
  remove(guid: Guid): Promise<void>;
  /** Current direct members, with ranges followed: one read, whatever they are. */
  members(group: Guid): Promise<Member[]>;
  /** Adds and removes in chunks; a member already there or already gone is success. `beforeWrite` is awaited before each request that writes. */
  editMembers(group: Guid, edit: MemberEdit, beforeWrite?: () => Promise<void>): Promise<MemberOutcome>;
  /** Groups that list the entry (back-link), anywhere. */
  memberOf(guid: Guid): Promise<Guid[]>;
  /** Keeps the connection alive or finds out that it is not. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

export type DirectoryDescription = {
  /** The service account that is bound, by SID. */
  account: Sid;
  /** Whether the schema has msDS-ExternalDirectoryObjectId. */
  hasExternalId: boolean;
  /** DNS name of the domain (realm of implicit UPNs), lower case. */
  domain: string;
  destination: Dn;
  leavers: Dn | undefined;
  /** Suffixes that a userPrincipalName may have in this forest, lower case: its domains and `upnSuffixes`. */
  upnSuffixes: ReadonlySet<string>;
  /** Which of the attributes that not every schema has (extensionAttribute1 to 15) this one has. */
  optionalAttributes: ReadonlySet<string>;
};
