import { type MemberKey, parseMemberKey } from '../../../shared/domain/member-key.ts';
import type { Kind, ObjectId } from '../../../shared/domain/object-id.ts';

/** What a tiny directory keeps of an object, by docs/expected-state.md. Members and managers are entries, or `s:<SID>` texts. */
export type SmallEntry = {
  kind: Kind;
  id: ObjectId;
  guid: string;
  sid: string;
  /** Names (other than the UPN) and attributes as they were written. */
  values: string;
  /** Left: what `suspended` made of it. */
  suspended: boolean;
  /** Not ours any more: known by its SID alone. */
  released: boolean;
  place: 'destination' | 'leavers';
  /** Users. */
  upn: string | undefined;
  enabled: boolean;
  manager: SmallEntry | string | undefined;
  /** Groups. */
  security: boolean;
  members: Set<SmallEntry | string>;
};

export type SmallDirectory = {
  entry(kind: Kind, id: ObjectId): SmallEntry | undefined;
  entries(): SmallEntry[];
  /** A new entry, or one from the recycle bin. */
  create(kind: Kind, id: ObjectId): SmallEntry;
  restore(guid: string): SmallEntry | undefined;
  /** Deletes an entry with all links to it. */
  remove(entry: SmallEntry, to?: 'bin' | 'nowhere'): void;
  /** Lets go of an entry: all of it stays, and all links to it. */
  release(entry: SmallEntry): void;
  /** Who a key names: an entry, a known SID, nobody; `missing` where nobody yet. */
  resolve(key: MemberKey): SmallEntry | string | undefined;
  /** Whether deleted entries can be brought back. */
  hasRecycleBin: boolean;
};

const knownSid = /^s:S-1-5-21-/;

export function smallDirectory(): SmallDirectory {
  const entries = new Map<string, SmallEntry>();
  const bin = new Map<string, SmallEntry>();
  const strangers = new Map<string, SmallEntry>();
  let created = 0;
  const keyOf = ({ kind, id }: { kind: Kind; id: ObjectId }): string => `${kind}:${id}`;
  const directory: SmallDirectory = {
    hasRecycleBin: false,
    entry: (kind, id) => entries.get(keyOf({ kind, id })),
    entries: () => [...entries.values()],
    create(kind, id) {
      const number = String(++created).padStart(12, '0');
      const entry: SmallEntry = {
        ...{ kind, id, guid: `00000000-0000-4000-8000-${number}`, sid: `S-1-5-21-9-9-9-${created + 5_000}` },
        ...{
          values: '',
          suspended: false,
          released: false,
          place: 'destination',
          upn: undefined,
          enabled: false,
        },
        ...{ manager: undefined, security: false, members: new Set() },
      };
      entries.set(keyOf(entry), entry);
      return entry;
    },
    restore(guid) {
      const entry = directory.hasRecycleBin ? bin.get(guid) : undefined;
      if (entry === undefined) return undefined;
      bin.delete(guid);
      entries.set(keyOf(entry), entry);
      return entry;
    },
    remove(gone, to = 'bin') {
      for (const entry of entries.values()) {
        entry.members.delete(gone);
        if (entry.manager === gone) entry.manager = undefined;
      }
      entries.delete(keyOf(gone));
      if (to === 'bin') {
        const stripped = {
          upn: undefined,
          enabled: false,
          manager: undefined,
          members: new Set<SmallEntry>(),
        };
        bin.set(gone.guid, Object.assign(gone, stripped));
      }
    },
    release(entry) {
      entry.released = true;
      entries.delete(keyOf(entry));
      strangers.set(keyOfMember(entry), entry);
    },
    resolve(key) {
      const parsed = parseMemberKey(key);
      if (parsed?.type === 'sid') {
        const ours = directory.entries().find(({ sid }) => `s:${sid}` === key);
        return ours ?? strangers.get(key) ?? (knownSid.test(key) ? key : undefined);
      }
      return (parsed && directory.entry(parsed.kind, parsed.id)) ?? 'missing';
    },
  };
  return directory;
}

/** The key of a member or manager of an entry. */
export function keyOfMember(member: SmallEntry | string): string {
  if (typeof member === 'string') return member;
  return member.released ? `s:${member.sid}` : `${member.kind === 'user' ? 'u' : 'g'}:${member.id}`;
}
