import type { Guid } from '../../../relay/ports.ts';
import { desiredGroup } from '../../../shared/domain/desired-group.ts';
import { desiredUser } from '../../../shared/domain/desired-user.ts';
import { markedObject } from '../../../shared/domain/mark.ts';
import type { Kind, ObjectId } from '../../../shared/domain/object-id.ts';
import { folded, textOf, type WindowsEntry } from '../../fakes/windows/windows-entry.ts';
import { isWritten } from './expected.ts';
import type { Flow } from './flow.ts';
import type { WindowsRelay } from './windows-relay.ts';

type Told = Pick<Flow, 'tenant' | 'writeback' | 'state'>;

/*
 * Where a Windows domain differs from docs/expected-state.md under the default policies, in words. Unlike the small directory it
 * issues names: a cn or userPrincipalName must be one of its candidates, a sAMAccountName stays, and the domain itself sees to it that
 * nobody else has them.
 */
export function differencesOnWindows(flow: Told, windows: WindowsRelay): string[] {
  const { users, groups } = flow.tenant.world();
  return [
    ...[...users.keys()].flatMap((id) => compareUser(flow, windows, id)),
    ...[...groups.keys()].flatMap((id) => compareGroup(flow, windows, id)),
    ...ours(windows).flatMap((entry) => {
      const [, kind = '', id = ''] = /^(User|Group)_(.*)$/.exec(markIn(entry)) ?? [];
      const held = (kind === 'User' ? users : groups).get(id as ObjectId);
      if (held === undefined) return [`${id}: purged, but has an entry`];
      return held.object.onPremisesSyncEnabled === true ? [`${id}: synced, but not released`] : [];
    }),
  ];
}

function compareUser(flow: Told, windows: WindowsRelay, id: ObjectId): string[] {
  const { users: settings } = flow.writeback;
  const held = flow.tenant.world().users.get(id);
  if (held === undefined || settings === false || held.object.onPremisesSyncEnabled === true) return [];
  const entry = windows.world.entryOf(id);
  if (!isWritten(flow, 'user', id))
    return entry === undefined || !isEnabled(entry)
      ? unnamed(flow, windows, id)
      : [`${id}: left, but enabled`];
  const desired = desiredUser(held.object, settings);
  if (desired === undefined) return [];
  if (entry === undefined) return absent(flow, windows, { kind: 'user', id });
  const { names, attributes, enabled } = desired;
  return [
    ...compareNames(entry, id, { cn: names.cn, userPrincipalName: names.userPrincipalName.slice(0, 1) }),
    ...compareIssued(entry, id, windows),
    ...compareAttributes(entry, id, attributes),
    ...(isEnabled(entry) === enabled ? [] : [`${id}: is enabled: ${String(isEnabled(entry))}`]),
    ...(entry.passwordSet ? [] : [`${id}: has no password`]),
    ...compareManager(flow, windows, id),
  ];
}

function compareManager(flow: Told, windows: WindowsRelay, id: ObjectId): string[] {
  const manager = flow.tenant.world().managers.get(id);
  const expected =
    manager === undefined ? undefined : entryOfMember(flow, windows, { id: manager, kind: 'user' })?.guid;
  return windows.world.entryOf(id)?.manager === expected ? [] : [`${id}: has another manager`];
}

function compareGroup(flow: Told, windows: WindowsRelay, id: ObjectId): string[] {
  const { groups: settings } = flow.writeback;
  const held = flow.tenant.world().groups.get(id);
  if (held === undefined || settings === false || held.object.onPremisesSyncEnabled === true) return [];
  const entry = windows.world.entryOf(id);
  if (!isWritten(flow, 'group', id))
    return entry === undefined || textOf(entry, 'groupType') === '8'
      ? unnamed(flow, windows, id)
      : [`${id}: left, but has rights`];
  if (entry === undefined) return absent(flow, windows, { kind: 'group', id });
  const desired = desiredGroup(held.object, settings);
  const groupType = desired.security ? '-2147483640' : '8';
  const expected = [...(flow.tenant.world().members.get(id) ?? [])].flatMap(([member, type]) =>
    type === 'other' ? [] : (entryOfMember(flow, windows, { id: member, kind: type })?.guid ?? []),
  );
  return [
    ...compareNames(entry, id, { cn: desired.names.cn }),
    ...compareIssued(entry, id, windows),
    ...compareAttributes(entry, id, desired.attributes),
    ...(textOf(entry, 'groupType') === groupType ? [] : [`${id}: is of another kind`]),
    ...[...entry.members].filter((guid) => !expected.includes(guid)).map((guid) => `${id}: lists ${guid}`),
    ...expected.filter((guid) => !entry.members.has(guid)).map((guid) => `${id}: lacks ${guid}`),
  ];
}

type ObjectOf = { kind: Kind; id: ObjectId };

const absent = (flow: Told, windows: WindowsRelay, of: ObjectOf): string[] =>
  waitsForItsName(flow, windows, of) ? [] : [`${of.id}: has no entry`];

/**
 * The entry that it had is in the recycle bin, and a name of it is somebody else's by now. That is left to a person, because a new SID
 * cannot be taken back (relay/apply/restore-former.ts); it is parked and rung for, rarely, for ever.
 */
export function waitsForItsName(
  { state }: Pick<Flow, 'state'>,
  { world: { domain } }: WindowsRelay,
  { kind, id }: ObjectOf,
): boolean {
  const row = state.row(kind, id);
  const former = domain.deleted.get(row?.formerGuid as Guid)?.entry;
  const isParked = row?.code === 'name-taken' || row?.code === 'upn-taken';
  if (!isParked || former === undefined || (row.attempts ?? 0) < 4) return false;
  const isHeld = (attribute: string): boolean => {
    const name = textOf(former, attribute);
    const holders = [...domain.entries.values()].map((entry) => textOf(entry, attribute));
    return name !== undefined && holders.some((held) => held !== undefined && folded(held) === folded(name));
  };
  return isHeld('sAMAccountName') || isHeld('userPrincipalName');
}

/** The entry by which AD lists somebody, if it lists it at all: ours, or by SID where it is synced. */
function entryOfMember(
  flow: Told,
  windows: WindowsRelay,
  member: { kind: Kind; id: ObjectId },
): WindowsEntry | undefined {
  const { kind, id } = member;
  const world = flow.tenant.world();
  const held = kind === 'user' ? world.users.get(id) : world.groups.get(id);
  if (held === undefined || held.deleted) return undefined;
  const { onPremisesSyncEnabled, onPremisesSecurityIdentifier: sid } = held.object;
  if (onPremisesSyncEnabled === true)
    return [...windows.world.domain.entries.values()].find((entry) => entry.sid === sid);
  return isWritten(flow, kind, id) ? windows.world.entryOf(id) : undefined;
}

function compareNames(entry: WindowsEntry, id: ObjectId, names: Record<string, readonly string[]>): string[] {
  return Object.entries(names).flatMap(([attribute, candidates]) => {
    const name = attribute === 'cn' ? entry.name : textOf(entry, attribute);
    return name !== undefined && candidates.includes(name) ? [] : [`${id}: ${attribute} is no candidate`];
  });
}

/** A sAMAccountName stays, whatever happens to the names in the cloud. */
function compareIssued(entry: WindowsEntry, id: ObjectId, { issued }: WindowsRelay): string[] {
  const name = textOf(entry, 'sAMAccountName');
  return name !== undefined && issued.get(entry.guid) === name ? [] : [`${id}: sAMAccountName changed`];
}

function compareAttributes(
  entry: WindowsEntry,
  id: ObjectId,
  attributes: Record<string, string | readonly string[] | null>,
): string[] {
  return Object.entries(attributes).flatMap(([attribute, value]) => {
    const actual = (entry.values.get(attribute.toLowerCase()) ?? []).map(String).sort();
    const expected = value === null ? [] : [value].flat().sort();
    return JSON.stringify(actual) === JSON.stringify(expected) ? [] : [`${id}: ${attribute} differs`];
  });
}

/** Nobody who is written names who left, as a member or as the manager; who left as well stays as last written. */
function unnamed(flow: Told, windows: WindowsRelay, id: ObjectId): string[] {
  const guid = windows.world.entryOf(id)?.guid;
  if (guid === undefined) return [];
  const holders = ours(windows).filter((entry) => entry.members.has(guid) || entry.manager === guid);
  const written = holders.map((holder) => markedObject(markIn(holder))).filter((one) => one !== undefined);
  return written
    .filter((one) => isWritten(flow, one.kind, one.id))
    .map((one) => `${id}: left, but ${one.id} still names it`);
}

const ours = ({ world: { domain } }: WindowsRelay): WindowsEntry[] =>
  [...domain.entries.values()].filter((entry) => entry.owner === domain.serviceSid && markIn(entry) !== '');
const markIn = (entry: WindowsEntry): string => textOf(entry, 'adminDescription') ?? '';
const isEnabled = (entry: WindowsEntry): boolean => (Number(textOf(entry, 'userAccountControl')) & 2) === 0;
