import { randomUUID } from 'node:crypto';
import { domainOf, formatDn, isUnder, parseDn } from '../../../relay/directory/codec/dn.ts';
import type { Dn, Guid, Sid } from '../../../relay/ports.ts';
import { bareControl, checkEnabling, checkGuardedBits } from './account-control.ts';
import { type Edit, editEntry } from './edit-entry.ts';
import { checkConversion } from './nesting.ts';
import { checkGoing, checkKind, leaveListOfPrimary } from './primary-group.ts';
import { type Deleted, isRecycled, remainsOf, revived } from './recycle-bin.ts';
import { badName, fail, hasChildren, noRights, noSuchObject, refusal } from './refusal.ts';
import { checkUnique } from './unique-names.ts';
import {
  dnOf,
  folded,
  isGroup,
  isUser,
  pathOf,
  textOf,
  type Value,
  type WindowsEntry,
} from './windows-entry.ts';
import { checkAccountName, checkCn, checkGroupType, WindowsSchema } from './windows-schema.ts';

export type Options = { permissive: boolean; showDeleted?: boolean };

/** Who acts: the service account has rights on users and groups under its places only, the administrator all. */
export type Actor = 'service' | 'administrator';

export type DomainOptions = {
  destination: Dn;
  leavers: Dn | undefined;
  serviceName: string;
  hasExternalId: boolean;
  hasExchange: boolean;
  hasRecycleBin: boolean;
  /** Whether the service account may list deleted entries, and bring them back. */
  mayRestore: boolean;
  upnSuffixes: readonly string[];
};

/** What Microsoft advises as the most of one transaction; the fake insists. */
const valuesPerModify = 5_000;

/**
 * A domain in memory that refuses what Windows refuses, also where Samba does not (reference/ad-ldap.md I): so a
 * green run against Samba is not taken for more than it is.
 */
export class WindowsDomain {
  readonly base: Dn;
  readonly destination: Dn;
  readonly leavers: Dn | undefined;
  readonly hasExternalId: boolean;
  readonly schema: WindowsSchema;
  readonly options: DomainOptions;
  readonly entries = new Map<Guid, WindowsEntry>();
  readonly deleted = new Map<Guid, Deleted>();
  /** Entries of other domains of the forest: seen as members only. */
  readonly abroad = new Map<Guid, WindowsEntry>();
  readonly serviceSid: Sid;
  /** Members that no group lets go, as Windows refuses to remove the last administrator. */
  readonly irremovable = new Set<Guid>();
  /** A read-only domain controller refers every write to another one. */
  isReadOnly = false;
  /** Whether connections are encrypted: passwords go over no other. */
  isEncrypted = true;
  readonly #domainSid = 'S-1-5-21-1000000001-1000000002-1000000003';
  #nextRid = 1101;

  constructor(options: DomainOptions) {
    const rdns = parseDn(options.destination) ?? [];
    this.options = options;
    this.base = formatDn(rdns.filter(({ type }) => type.toLowerCase() === 'dc'));
    this.destination = options.destination;
    this.leavers = options.leavers;
    this.hasExternalId = options.hasExternalId;
    this.schema = new WindowsSchema(options);
    this.#addHead();
    this.putUnit(options.destination);
    if (options.leavers !== undefined) this.putUnit(options.leavers);
    this.serviceSid = this.newSid();
    const service = this.put({
      name: 'svc',
      parent: this.base,
      objectClass: ['top', 'person', 'user'],
      sid: this.serviceSid,
    });
    service.values.set('userprincipalname', [options.serviceName]);
    service.values.set('samaccountname', ['svc']);
  }

  get name(): string {
    return domainOf(this.base);
  }

  newSid(): Sid {
    return `${this.#domainSid}-${this.#nextRid++}` as Sid;
  }

  /** Puts an entry as it is, past every rule. */
  put(entry: Partial<WindowsEntry> & Pick<WindowsEntry, 'name' | 'parent' | 'objectClass'>): WindowsEntry {
    const made: WindowsEntry = {
      guid: randomUUID() as Guid,
      sid: undefined,
      owner: `${this.#domainSid}-512` as Sid,
      rdnType: 'CN',
      values: new Map(),
      members: new Set(),
      manager: undefined,
      passwordSet: false,
      ...entry,
    };
    this.entries.set(made.guid, made);
    return made;
  }

  /** Puts an organisational unit. */
  putUnit(dn: Dn): WindowsEntry {
    const [rdn, ...above] = parseDn(dn) ?? [];
    const objectClass = ['top', 'organizationalUnit'];
    return this.put({ name: rdn?.value ?? '', parent: formatDn(above), rdnType: 'OU', objectClass });
  }

  /** The entry that a DN or `<GUID=…>` names; 32 where there is none, 10 where another domain may have it. */
  find(target: string): WindowsEntry {
    const guid = guidIn(target);
    if (guid !== undefined) return this.entries.get(guid) ?? fail(noSuchObject());
    const [rdn, ...above] = parseDn(target) ?? fail(badName());
    if (!isUnder(target, this.base) && pathOf(target) !== pathOf(this.base)) throw refusal(10, '0000202B');
    const name = folded(rdn?.value ?? '');
    const parent = pathOf(formatDn(above));
    for (const entry of this.entries.values())
      if (folded(entry.name) === name && pathOf(entry.parent) === parent) return entry;
    throw noSuchObject();
  }

  add(actor: Actor, dn: string, attributes: readonly { type: string; values: Value[] }[]): WindowsEntry {
    this.#refuseReadOnly();
    const [rdn, ...above] = parseDn(dn) ?? fail(badName());
    const parent = this.find(formatDn(above));
    const given = new Map(attributes.map(({ type, values }) => [type.toLowerCase(), values]));
    const kind = given.get('objectclass')?.[0]?.toString();
    this.#allowChild(actor, dn, kind);
    if (kind !== 'user' && kind !== 'group') throw refusal(65, '0000207D', 'objectClass');
    const entry: WindowsEntry = {
      guid: randomUUID() as Guid,
      sid: undefined,
      owner: actor === 'service' ? this.serviceSid : (`${this.#domainSid}-512` as Sid),
      parent: dnOf(parent),
      rdnType: 'CN',
      name: rdn?.value ?? '',
      objectClass: kind === 'user' ? ['top', 'person', 'organizationalPerson', 'user'] : ['top', 'group'],
      values: new Map(),
      members: new Set(),
      manager: undefined,
      passwordSet: false,
    };
    const values = attributes.filter(({ type }) => type.toLowerCase() !== 'objectclass');
    const edits = values.map(({ type, values: wanted }) => ({
      operation: 'replace' as const,
      attribute: type,
      values: wanted,
    }));
    editEntry(entry, edits, { domain: this, permissive: false });
    if (actor === 'service') checkGuardedBits(undefined, entry);
    if (kind === 'user' && !entry.values.has('useraccountcontrol'))
      entry.values.set('useraccountcontrol', [bareControl]);
    this.#checkEntry(entry);
    entry.sid = this.newSid();
    this.entries.set(entry.guid, entry);
    return entry;
  }

  modify(actor: Actor, target: string, edits: readonly Edit[], options: Options): void {
    this.#refuseReadOnly();
    const gone = options.showDeleted === true ? this.#findDeleted(target) : undefined;
    if (gone !== undefined) {
      this.#restore(actor, gone, edits);
      return;
    }
    const entry = this.find(target);
    this.#allowWrite(actor, entry);
    const size = edits.reduce((sum, { values }) => sum + values.length, 0);
    if (size > valuesPerModify) throw refusal(11, '00002024');
    // All or nothing: the edits are made on a copy that takes the entry's place in the end.
    const draft: WindowsEntry = { ...entry, values: new Map(entry.values), members: new Set(entry.members) };
    editEntry(draft, edits, { domain: this, permissive: options.permissive });
    if (actor === 'service') checkGuardedBits(entry, draft);
    this.#checkEntry(draft, entry);
    this.entries.set(entry.guid, draft);
    leaveListOfPrimary(draft, this.entries.values());
  }

  rename(actor: Actor, target: string, newRdn: string, newParent?: string): void {
    this.#refuseReadOnly();
    // Samba takes no GUID here and nobody has tried Windows, so only a DN will do.
    if (target.startsWith('<')) throw noSuchObject();
    const entry = this.find(target);
    this.#allowWrite(actor, entry);
    const name = parseDn(newRdn)?.[0]?.value ?? fail(badName());
    const parent = newParent === undefined ? entry.parent : dnOf(this.find(newParent));
    const draft = { ...entry, name, parent };
    if (newParent !== undefined) this.#allowChild(actor, dnOf(draft), isGroup(entry) ? 'group' : 'user');
    this.#checkEntry(draft, entry);
    this.entries.set(entry.guid, draft);
  }

  delete(actor: Actor, target: string): void {
    this.#refuseReadOnly();
    const entry = this.find(target);
    this.#allowWrite(actor, entry);
    const path = pathOf(dnOf(entry));
    for (const { parent } of this.entries.values()) if (pathOf(parent) === path) throw hasChildren();
    checkGoing(entry, () => this.entries.values());
    const groups = this.groupsOf(entry.guid);
    const reports = this.reportsOf(entry.guid);
    this.entries.delete(entry.guid);
    for (const group of groups) group.members.delete(entry.guid);
    for (const report of reports) report.manager = undefined;
    const links = { groups: groups.map(({ guid }) => guid), reports: reports.map(({ guid }) => guid) };
    const keepsAll = this.options.hasRecycleBin;
    this.deleted.set(entry.guid, remainsOf({ entry, ...links }, { base: this.base, keepsAll }));
  }

  /** Groups that list the entry. */
  groupsOf(guid: Guid): WindowsEntry[] {
    return [...this.entries.values()].filter((group) => group.members.has(guid));
  }

  /** Entries that have it as manager. */
  reportsOf(guid: Guid): WindowsEntry[] {
    return [...this.entries.values()].filter(({ manager }) => manager === guid);
  }

  #addHead(): void {
    const [rdn, ...above] = parseDn(this.base) ?? [];
    const objectClass = ['top', 'domain', 'domainDNS'];
    this.put({ name: rdn?.value ?? '', parent: formatDn(above), rdnType: 'DC', objectClass });
  }

  #refuseReadOnly(): void {
    if (this.isReadOnly) throw refusal(10, '0000202B');
  }

  #isOurs(dn: string): boolean {
    return isUnder(dn, this.destination) || (this.leavers !== undefined && isUnder(dn, this.leavers));
  }

  #allowChild(actor: Actor, dn: string, kind: string | undefined): void {
    const allowed = (kind === 'user' || kind === 'group') && this.#isOurs(dn);
    if (actor === 'service' && !allowed) throw noRights();
  }

  #allowWrite(actor: Actor, entry: WindowsEntry): void {
    const allowed = (isUser(entry) || isGroup(entry)) && this.#isOurs(dnOf(entry));
    if (actor === 'service' && !allowed) throw noRights();
  }

  #findDeleted(target: string): Deleted | undefined {
    return [...this.deleted.values()].find(({ entry }) => pathOf(dnOf(entry)) === pathOf(target));
  }

  /** A modify that deletes isDeleted and replaces distinguishedName (MS-ADTS 3.1.1.5.3.7). */
  #restore(actor: Actor, found: Deleted, edits: readonly Edit[]): void {
    const { guid } = found.entry;
    const undeletes = edits.some((edit) => edit.operation === 'delete' && edit.attribute === 'isDeleted');
    const place = edits.find(({ attribute }) => attribute === 'distinguishedName')?.values[0]?.toString();
    if (!undeletes || place === undefined) throw refusal(53, '00002035');
    // Recycled: past its life in the bin.
    if (this.options.hasRecycleBin && isRecycled(found)) throw refusal(53, '00002035');
    const [rdn, ...above] = parseDn(place) ?? fail(badName());
    const parent = dnOf(this.find(formatDn(above)));
    if (actor === 'service' && !this.options.mayRestore) throw noRights();
    const entry = revived(found, { name: rdn?.value ?? '', parent });
    this.#allowChild(actor, dnOf(entry), isGroup(entry) ? 'group' : 'user');
    this.#checkEntry(entry);
    this.deleted.delete(guid);
    for (const member of entry.members) if (!this.entries.has(member)) entry.members.delete(member);
    if (entry.manager !== undefined && !this.entries.has(entry.manager)) entry.manager = undefined;
    this.entries.set(guid, entry);
    for (const group of found.groups) this.entries.get(group)?.members.add(guid);
    for (const report of found.reports.flatMap((each) => this.entries.get(each) ?? []))
      report.manager ??= guid;
  }

  /** The rules between an entry and the rest of the domain. */
  #checkEntry(entry: WindowsEntry, before?: WindowsEntry): void {
    checkCn(entry.name);
    const sam = textOf(entry, 'sAMAccountName');
    if (sam !== undefined) checkAccountName(sam, isUser(entry));
    checkUnique(this.entries.values(), entry, before);
    if (isGroup(entry)) {
      checkGroupType(textOf(entry, 'groupType'));
      const members = () => [...entry.members].flatMap((guid) => this.entries.get(guid) ?? []);
      if (before !== undefined) {
        checkConversion(before, entry, () => ({ members: members(), groups: this.groupsOf(entry.guid) }));
        checkKind(before, entry, () => this.entries.values());
      }
    }
    checkEnabling(entry, before);
  }
}

const guidIn = (target: string): Guid | undefined =>
  /^<GUID=(.+)>$/i.exec(target)?.[1]?.toLowerCase() as Guid | undefined;
