import type { Baseline } from '../../../local/verify/baseline.ts';
import type { DirectoryEntry, DirectoryState } from '../../../local/verify/directory-state.ts';
import type { TenantGroup, TenantState, TenantUser } from '../../../local/verify/tenant-state.ts';

/** A small world in which tenant and AD agree, written by hand from docs/expected-state.md. */
export const ada = '11111111-2222-4333-8444-aaaaaaaaaaaa';
export const bob = '11111111-2222-4333-8444-bbbbbbbbbbbb';
export const left = '11111111-2222-4333-8444-cccccccccccc';
export const guest = '11111111-2222-4333-8444-dddddddddddd';
export const synced = '11111111-2222-4333-8444-eeeeeeeeeeee';
export const mueller = '11111111-2222-4333-8444-ffffffffffff';
export const team = '99999999-2222-4333-8444-aaaaaaaaaaaa';
export const room = '99999999-2222-4333-8444-bbbbbbbbbbbb';
export const alerts = '99999999-2222-4333-8444-cccccccccccc';
export const news = '99999999-2222-4333-8444-dddddddddddd';
export const owners = '99999999-2222-4333-8444-eeeeeeeeeeee';
export const secret = '99999999-2222-4333-8444-ffffffffffff';
export const destination = 'OU=Cloud,DC=wb,DC=example';
export const leavers = 'OU=Leavers,DC=wb,DC=example';
export const syncedDn = 'CN=sam,OU=On-Premises,DC=wb,DC=example';

const user = (id: string, displayName: string, rest: Partial<TenantUser> = {}): TenantUser => ({
  id,
  displayName,
  mailNickname: displayName.toLowerCase().replaceAll(' ', '.'),
  userPrincipalName: `${displayName.toLowerCase().replaceAll(' ', '.')}@contoso.example`,
  accountEnabled: true,
  userType: 'Member',
  businessPhones: [],
  ...rest,
});

const security = { mailEnabled: false, securityEnabled: true, groupTypes: [] as string[] };
const unified = { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] };
const mailSecurity = { mailEnabled: true, securityEnabled: true, groupTypes: [] as string[] };
const distribution = { mailEnabled: true, securityEnabled: false, groupTypes: [] as string[] };

const group = (id: string, displayName: string, rest: Partial<TenantGroup> = {}): TenantGroup => ({
  id,
  displayName,
  ...security,
  ...rest,
});

const byId = <T extends { id: string }>(...items: T[]) => new Map(items.map((item) => [item.id, item]));

const adas: Partial<TenantUser> = {
  jobTitle: ' Analyst ',
  department: '',
  employeeOrgData: { division: 'Engines' },
  employeeType: 'Founder',
  faxNumber: '+44 9',
  country: 'united kingdom',
  businessPhones: ['+44 1', '+44 2', '+44 3'],
  otherMails: ['ada@home.example', 'ADA@home.example'],
  onPremisesExtensionAttributes: { extensionAttribute1: 'blue', extensionAttribute15: null },
};

export function tenantWorld(): TenantState {
  return {
    users: byId(
      user(ada, 'Ada Byron', adas),
      user(bob, 'Bob', { accountEnabled: false, country: 'Neverland' }),
      // Somebody on-premises is called mueller, and nobody knows the suffix.
      user(mueller, 'Müller', {
        mailNickname: null,
        userPrincipalName: 'mueller@contoso.onmicrosoft.example',
      }),
      user(guest, 'Gast', { userType: 'Guest' }),
      user(synced, 'Sam', {
        onPremisesSyncEnabled: true,
        onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1601',
      }),
    ),
    deletedUsers: byId(
      user(left, 'Lea', { userPrincipalName: `${left.replaceAll('-', '')}lea@contoso.example` }),
    ),
    groups: byId(
      group(team, 'Team'),
      group(room, 'Room', unified),
      group(alerts, 'Müller & Söhne', mailSecurity),
      group(news, 'Новости', distribution),
      group(owners, 'Owners', { isAssignableToRole: true }),
      group(secret, 'Secret', { ...unified, visibility: 'HiddenMembership' }),
    ),
    deletedGroups: new Map(),
    members: new Map([
      [team, [ada, synced, guest, room, alerts, owners]],
      [room, [bob]],
      [alerts, [team]],
      [owners, [ada]],
      [secret, [ada, bob]],
    ]),
    managers: new Map([
      [ada, synced],
      [bob, ada],
      [mueller, guest],
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

type Account = { name: string; upn: string; control: string };

const account = (id: string, { name, upn, control }: Account): Values => ({
  adminDescription: `User_${id}`,
  'msDS-ExternalDirectoryObjectId': `User_${id}`,
  sAMAccountName: name,
  userPrincipalName: upn,
  userAccountControl: control,
  countryCode: '0',
  pwdLastSet: '133000000000000000',
});

const groupValues = (
  id: string,
  { name, shown, type }: { name: string; shown: string; type: string },
): Values => ({
  adminDescription: `Group_${id}`,
  'msDS-ExternalDirectoryObjectId': `Group_${id}`,
  sAMAccountName: name,
  displayName: shown,
  groupType: type,
});

const universalSecurity = '-2147483640';
const universalDistribution = '8';
const at = (cn: string) => `CN=${cn},${destination}`;

export function directoryWorld(): DirectoryState {
  return {
    destination,
    leavers,
    domain: 'wb.example',
    upnSuffixes: new Set(['wb.example', 'contoso.example']),
    schemaHas: new Set(['extensionattribute1', 'extensionattribute15', 'msds-externaldirectoryobjectid']),
    entries: [...usersInAd(), ...groupsInAd(), ...strangersInAd()],
  };
}

const usersInAd = (): DirectoryEntry[] => [
  entry('Ada Byron_aaaaaaaaaaaa', 1701, {
    ...account(ada, { name: 'ada.byron', upn: 'ada.byron@contoso.example', control: '512' }),
    displayName: 'Ada Byron',
    title: 'Analyst',
    division: 'Engines',
    employeeType: 'Founder',
    telephoneNumber: '+44 1',
    otherTelephone: ['+44 3', '+44 2'],
    facsimileTelephoneNumber: '+44 9',
    otherMailbox: 'ada@home.example',
    co: 'United Kingdom',
    c: 'GB',
    countryCode: '826',
    extensionAttribute1: 'blue',
    manager: syncedDn,
  }),
  entry('Bob_bbbbbbbbbbbb', 1702, {
    ...account(bob, { name: 'bob', upn: 'bob@contoso.example', control: '514' }),
    displayName: 'Bob',
    co: 'Neverland',
    manager: `cn=ada byron_aaaaaaaaaaaa,${destination}`,
  }),
  entry('Lea_cccccccccccc', 1703, {
    ...account(left, { name: 'lea', upn: 'lea@contoso.example', control: '514' }),
    displayName: 'Lea',
  }),
  entry('Müller_ffffffffffff', 1704, {
    ...account(mueller, { name: 'mueller2', upn: 'mueller2@wb.example', control: '512' }),
    displayName: 'Müller',
  }),
];

const groupsInAd = (): DirectoryEntry[] => [
  entry('Team_aaaaaaaaaaaa', 1711, {
    ...groupValues(team, { name: 'Team', shown: 'Team', type: universalSecurity }),
    member: [
      `cn=ada byron_aaaaaaaaaaaa,${destination}`,
      syncedDn,
      `CN=Room\\5Fbbbbbbbbbbbb,${destination}`,
      at('Müller & Söhne_cccccccccccc'),
    ],
  }),
  entry('Room_bbbbbbbbbbbb', 1712, {
    ...groupValues(room, { name: 'Room', shown: 'Room', type: universalDistribution }),
    member: at('Bob_bbbbbbbbbbbb'),
  }),
  entry('Müller & Söhne_cccccccccccc', 1713, {
    ...groupValues(alerts, { name: 'Muller-Sohne', shown: 'Müller & Söhne', type: universalSecurity }),
    member: at('Team_aaaaaaaaaaaa'),
  }),
  entry('Новости_dddddddddddd', 1714, {
    ...groupValues(news, { name: 'Novosti', shown: 'Новости', type: universalDistribution }),
  }),
  entry('Secret_ffffffffffff', 1715, {
    ...groupValues(secret, { name: 'Secret', shown: 'Secret', type: universalDistribution }),
  }),
];

const strangersInAd = (): DirectoryEntry[] => [
  entry('sam', 1601, { displayName: 'Sam', department: 'IT' }, 'OU=On-Premises,DC=wb,DC=example'),
  entry(
    'Max Müller',
    1602,
    { sAMAccountName: 'mueller', userPrincipalName: 'max@wb.example' },
    'OU=On-Premises,DC=wb,DC=example',
  ),
];

export function baselineWorld(): Baseline {
  return {
    identities: {
      [left]: { guid: 'guid-1703', sid: 'S-1-5-21-1-2-3-1703', sAMAccountName: 'lea' },
    },
    onPremises: {
      'guid-1601': { cn: ['sam'], distinguishedname: [syncedDn], displayname: ['Sam'], department: ['IT'] },
    },
    disabledOnPremises: [],
  };
}
