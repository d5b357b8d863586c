import type { Baseline } from '../../../local/verify/comparison.ts';
import type { DirectoryEntry, DirectoryState } from '../../../local/verify/directory-state.ts';
import type { TenantGroup, TenantState, TenantUser } from '../../../local/verify/tenant-state.ts';

/** A small world in which tenant and AD agree, written by hand from docs/expected-state.md. */
export const ada = '11111111-2222-4333-8444-aaaaaaaaaaaa';
export const bob = '11111111-2222-4333-8444-bbbbbbbbbbbb';
export const left = '11111111-2222-4333-8444-cccccccccccc';
export const guest = '11111111-2222-4333-8444-dddddddddddd';
export const synced = '11111111-2222-4333-8444-eeeeeeeeeeee';
export const team = '99999999-2222-4333-8444-aaaaaaaaaaaa';
export const room = '99999999-2222-4333-8444-bbbbbbbbbbbb';
export const destination = 'OU=Cloud,DC=wb,DC=example';
export const syncedDn = 'CN=sam,OU=On-Premises,DC=wb,DC=example';

const user = (id: string, displayName: string, rest: Partial<TenantUser> = {}): TenantUser => ({
  id,
  displayName,
  userPrincipalName: `${displayName.toLowerCase().replaceAll(' ', '.')}@contoso.example`,
  accountEnabled: true,
  userType: 'Member',
  businessPhones: [],
  ...rest,
});

const group = (id: string, displayName: string, groupTypes: string[]): TenantGroup => ({
  id,
  displayName,
  groupTypes,
  mailEnabled: groupTypes.length > 0,
});

const byId = <T extends { id: string }>(...items: T[]) => new Map(items.map((item) => [item.id, item]));

export function tenantWorld(): TenantState {
  return {
    users: byId(
      user(ada, 'Ada Byron', { jobTitle: ' Analyst ', businessPhones: ['+44 1', '+44 2'], department: '' }),
      user(bob, 'Bob', { accountEnabled: false }),
      user(guest, 'Gast', { userType: 'Guest' }),
      user(synced, 'Sam', {
        onPremisesSyncEnabled: true,
        onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1601',
      }),
    ),
    deletedUsers: byId(
      user(left, 'Lea', { userPrincipalName: `${left.replaceAll('-', '')}lea@contoso.example` }),
    ),
    groups: byId(group(team, 'Team', []), group(room, 'Room', ['Unified'])),
    deletedGroups: new Map(),
    members: new Map([
      [team, [ada, synced, guest, room]],
      [room, [bob]],
    ]),
  };
}

type Values = Record<string, string | string[]>;

export function entry(rdn: string, rid: number, values: Values, parent = destination): DirectoryEntry {
  const dn = `CN=${rdn},${parent}`;
  const lists = Object.entries({ cn: rdn, distinguishedName: dn, ...values }).map(
    ([name, value]) => [name.toLowerCase(), [value].flat()] as const,
  );
  return {
    dn,
    guid: `guid-${rid}`,
    sid: `S-1-5-21-1-2-3-${rid}`,
    classes: [values['groupType'] === undefined ? 'user' : 'group'],
    values: new Map(lists),
    members: [values['member'] ?? []].flat(),
  };
}

const account = (id: string, upn: string, control: string): Values => ({
  adminDescription: `User_${id}`,
  'msDS-ExternalDirectoryObjectId': `User_${id}`,
  sAMAccountName: `u-${id.replaceAll('-', '').slice(0, 18)}`,
  userPrincipalName: upn,
  userAccountControl: control,
  pwdLastSet: '133000000000000000',
});

const groupValues = (id: string, displayName: string, groupType: string): Values => ({
  adminDescription: `Group_${id}`,
  'msDS-ExternalDirectoryObjectId': `Group_${id}`,
  sAMAccountName: `g-${id.replaceAll('-', '').slice(0, 18)}`,
  displayName,
  groupType,
});

const adaCn = 'Ada Byron_aaaaaaaaaaaa';
const roomCn = 'Room_bbbbbbbbbbbb';

export function directoryWorld(): DirectoryState {
  return {
    destination,
    entries: [
      entry(adaCn, 1701, {
        ...account(ada, 'ada.byron@contoso.example', '512'),
        displayName: 'Ada Byron',
        title: 'Analyst',
        telephoneNumber: '+44 1',
      }),
      entry('Bob_bbbbbbbbbbbb', 1702, { ...account(bob, 'bob@contoso.example', '514'), displayName: 'Bob' }),
      entry('Lea_cccccccccccc', 1703, { ...account(left, 'lea@contoso.example', '514'), displayName: 'Lea' }),
      entry('Team_aaaaaaaaaaaa', 1704, {
        ...groupValues(team, 'Team', '-2147483640'),
        member: [
          `cn=ada byron_aaaaaaaaaaaa,${destination}`,
          syncedDn,
          `CN=Room\\5Fbbbbbbbbbbbb,${destination}`,
        ],
      }),
      entry(roomCn, 1705, {
        ...groupValues(room, 'Room', '8'),
        member: `CN=Bob_bbbbbbbbbbbb,${destination}`,
      }),
      entry('sam', 1601, { displayName: 'Sam', department: 'IT' }, 'OU=On-Premises,DC=wb,DC=example'),
    ],
  };
}

export function baselineWorld(): Baseline {
  return {
    identities: { [left]: { guid: 'guid-1703', sid: 'S-1-5-21-1-2-3-1703' } },
    onPremises: {
      'guid-1601': { cn: ['sam'], distinguishedname: [syncedDn], displayname: ['Sam'], department: ['IT'] },
    },
  };
}
