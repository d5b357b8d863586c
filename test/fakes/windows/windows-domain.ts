import { randomUUID } from 'node:crypto';
import { domainOf, formatDn, parseDn } from '../../../relay/directory/codec/dn.ts';
import type { Dn, Guid, Sid } from '../../../relay/ports.ts';
import { checkNesting } from './nesting.ts';
import { noRights, noSuchObject, refusal } from './refusal.ts';
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
import { checkAccountName, checkCn, checkGroupType, checkPassword, checkValues } from './windows-schema.ts';

export type Edit = { operation: 'add' | 'delete' | 'replace'; attribute: string; values: Value[] };
export type Options = { permissive: boolean };

/** Who acts: the service account has rights on users and groups under the destination only, the administrator all. */
export type Actor = 'service' | 'administrator';

const disabled = 2;
const passwordNotRequired = 32;
const normalDisabledNoPassword = '546';

/**
 * A domain in memory that refuses what Windows refuses, also where Samba does not (reference/ad-ldap.md I): so a
 * green run against Samba is not taken for more than it is.
 */
export class WindowsDomain {
  readonly base: Dn;
  readonly destination: Dn;
  readonly hasExternalId: boolean;
  readonly entries = new Map<Guid, WindowsEntry>();
  readonly serviceSid: Sid;
  readonly #domainSid = 'S-1-5-21-1000000001-1000000002-1000000003';
  #nextRid = 1101;

  constructor(options: { destination: Dn; hasExternalId: boolean; serviceName: string }) {
    const rdns = parseDn(options.destination) ?? [];
    this.base = formatDn(rdns.filter(({ type }) => type.toLowerCase() === 'dc'));
    this.destination = options.destination;
    this.hasExternalId = options.hasExternalId;
    this.#addHead();
    this.#addUnit(options.destination);
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
      passwordSet: false,
      ...entry,
    };
    this.entries.set(made.guid, made);
    return made;
  }

  /** The entry that a DN or `<GUID=…>` names; 32 where there is none. */
  find(target: string): WindowsEntry {
    const guid = /^<GUID=(.+)>$/i.exec(target)?.[1]?.toLowerCase();
    if (guid !== undefined) return this.entries.get(guid as Guid) ?? fail(noSuchObject());
    if (parseDn(target) === undefined) throw refusal(34, '0000208F');
    const path = pathOf(target);
    for (const entry of this.entries.values()) if (pathOf(dnOf(entry)) === path) return entry;
    throw noSuchObject();
  }

  add(actor: Actor, dn: string, attributes: readonly { type: string; values: Value[] }[]): WindowsEntry {
    const [rdn, ...above] = parseDn(dn) ?? fail(refusal(34, '0000208F'));
    const parent = this.find(formatDn(above));
    const given = new Map(attributes.map(({ type, values }) => [type.toLowerCase(), values]));
    const kind = given.get('objectclass')?.[0]?.toString();
    this.#allowChild(actor, dn, kind);
    if (kind !== 'user' && kind !== 'group') throw refusal(65, '0000207D', 'objectClass');
    for (const { type, values } of attributes) checkValues(type, values);
    const entry: WindowsEntry = {
      guid: randomUUID() as Guid,
      sid: undefined,
      owner: actor === 'service' ? this.serviceSid : (`${this.#domainSid}-512` as Sid),
      parent: dnOf(parent),
      rdnType: 'CN',
      name: rdn?.value ?? '',
      objectClass: kind === 'user' ? ['top', 'person', 'organizationalPerson', 'user'] : ['top', 'group'],
      values: new Map([...given].filter(([name]) => name !== 'objectclass' && name !== 'unicodepwd')),
      members: new Set(),
      passwordSet: false,
    };
    if (kind === 'user' && !entry.values.has('useraccountcontrol')) {
      entry.values.set('useraccountcontrol', [normalDisabledNoPassword]);
    }
    this.#checkEntry(entry);
    entry.sid = this.newSid();
    this.entries.set(entry.guid, entry);
    return entry;
  }

  modify(actor: Actor, target: string, edits: readonly Edit[], { permissive }: Options): void {
    const entry = this.find(target);
    this.#allowWrite(actor, entry);
    // All or nothing: the edits are made on a copy that takes the entry's place in the end.
    const draft: WindowsEntry = { ...entry, values: new Map(entry.values), members: new Set(entry.members) };
    for (const edit of edits) {
      if (edit.attribute.toLowerCase() === 'member') this.#editMembers(draft, edit, permissive);
      else editValues(draft, edit);
    }
    this.#checkEntry(draft);
    this.entries.set(entry.guid, draft);
  }

  rename(actor: Actor, target: string, newRdn: string, newParent?: string): void {
    // Samba takes no GUID here and nobody has tried Windows, so only a DN will do.
    if (target.startsWith('<')) throw noSuchObject();
    const entry = this.find(target);
    this.#allowWrite(actor, entry);
    const name = parseDn(newRdn)?.[0]?.value ?? fail(refusal(34, '0000208F'));
    const parent = newParent === undefined ? entry.parent : dnOf(this.find(newParent));
    const draft = { ...entry, name, parent };
    this.#checkEntry(draft);
    this.entries.set(entry.guid, draft);
  }

  delete(actor: Actor, target: string): void {
    const entry = this.find(target);
    this.#allowWrite(actor, entry);
    this.entries.delete(entry.guid);
    for (const group of this.entries.values()) group.members.delete(entry.guid);
  }

  /** Groups that list the entry. */
  groupsOf(guid: Guid): WindowsEntry[] {
    return [...this.entries.values()].filter((group) => group.members.has(guid));
  }

  #addHead(): void {
    const [rdn, ...above] = parseDn(this.base) ?? [];
    this.put({
      name: rdn?.value ?? '',
      parent: formatDn(above),
      rdnType: 'DC',
      objectClass: ['top', 'domain', 'domainDNS'],
    });
  }

  #addUnit(dn: Dn): void {
    const [rdn, ...above] = parseDn(dn) ?? [];
    this.put({
      name: rdn?.value ?? '',
      parent: formatDn(above),
      rdnType: 'OU',
      objectClass: ['top', 'organizationalUnit'],
    });
  }

  #allowChild(actor: Actor, dn: string, kind: string | undefined): void {
    const allowed = (kind === 'user' || kind === 'group') && isBelow(dn, this.destination);
    if (actor === 'service' && !allowed) throw noRights();
  }

  #allowWrite(actor: Actor, entry: WindowsEntry): void {
    const allowed = (isUser(entry) || isGroup(entry)) && isBelow(dnOf(entry), this.destination);
    if (actor === 'service' && !allowed) throw noRights();
  }

  #editMembers(group: WindowsEntry, edit: Edit, permissive: boolean): void {
    if (edit.operation === 'replace') throw refusal(53, '00002035', 'member');
    for (const value of edit.values) {
      const member = this.#memberNamed(value.toString());
      if (edit.operation === 'add') {
        if (group.members.has(member.guid)) {
          if (!permissive) throw refusal(68, '00000562');
          continue;
        }
        checkNesting(group, member);
        group.members.add(member.guid);
      } else if (!group.members.delete(member.guid) && !permissive) throw refusal(53, '00000561');
    }
  }

  #memberNamed(target: string): WindowsEntry {
    try {
      return this.find(target);
    } catch {
      throw refusal(32, '00000525');
    }
  }

  /** The rules between an entry and the rest of the domain. */
  #checkEntry(entry: WindowsEntry): void {
    checkCn(entry.name);
    const others = [...this.entries.values()].filter(({ guid }) => guid !== entry.guid);
    const isTwin = (other: WindowsEntry) =>
      folded(other.name) === folded(entry.name) && pathOf(other.parent) === pathOf(entry.parent);
    if (others.some(isTwin)) throw refusal(68, '00002071');
    this.#checkNames(entry, others);
    if (isGroup(entry)) checkGroupType(textOf(entry, 'groupType'));
    const control = Number(textOf(entry, 'userAccountControl') ?? disabled);
    if (isUser(entry) && (control & (disabled | passwordNotRequired)) === 0 && !entry.passwordSet) {
      throw refusal(53, '0000052D');
    }
  }

  #checkNames(entry: WindowsEntry, others: readonly WindowsEntry[]): void {
    const sam = textOf(entry, 'sAMAccountName');
    if (sam !== undefined) {
      checkAccountName(sam, isUser(entry));
      const taken = others.some((other) => folded(textOf(other, 'sAMAccountName') ?? '') === folded(sam));
      if (taken) throw refusal(68, isUser(entry) ? '00000524' : '00000526');
    }
    const upn = textOf(entry, 'userPrincipalName');
    const isHeld = (other: WindowsEntry) =>
      folded(textOf(other, 'userPrincipalName') ?? '') === folded(upn ?? '');
    if (upn !== undefined && others.some(isHeld)) throw refusal(19, '000021C8', 'userPrincipalName');
  }
}

const isBelow = (dn: string, ancestor: string): boolean =>
  dn !== ancestor && pathOf(dn).startsWith(pathOf(ancestor));

function editValues(entry: WindowsEntry, { operation, attribute, values }: Edit): void {
  const name = attribute.toLowerCase();
  if (name === 'cn') throw refusal(67, '00002016', 'cn');
  checkValues(attribute, values);
  if (operation !== 'replace') throw refusal(53, '00002035', attribute);
  if (name === 'unicodepwd') {
    checkPassword(values[0] ?? '');
    entry.passwordSet = true;
  } else if (values.length === 0) entry.values.delete(name);
  else entry.values.set(name, values);
}

function fail(error: Error): never {
  throw error;
}
