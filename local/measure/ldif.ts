import { randomBytes } from 'node:crypto';
import type { DirectoryEntry } from '../verify/directory-state.ts';
import { dnKey } from '../verify/dn.ts';

/** The four files that an administrator with ldap-utils would write: entries disabled, passwords and managers, groups, members. */
export type Ldif = { users: string; passwords: string; groups: string; members: string };

const userAttributes = [
  'displayName',
  'givenName',
  'sn',
  'title',
  'department',
  'company',
  'division',
  'employeeID',
  'employeeType',
  'physicalDeliveryOfficeName',
  'streetAddress',
  'l',
  'st',
  'postalCode',
  'co',
  'c',
  'countryCode',
  'preferredLanguage',
  'telephoneNumber',
  'otherTelephone',
  'mobile',
  'facsimileTelephoneNumber',
  'mail',
  'otherMailbox',
  ...Array.from({ length: 15 }, (_, at) => `extensionAttribute${at + 1}`),
];
const groupAttributes = ['displayName', 'mail', 'description', 'groupType'];

/**
 * The entries of the destination as LDIF for another OU of the same domain. What must be unique in a domain (sAMAccountName,
 * userPrincipalName) and the marks get other values of about the same length, everything else is as it is.
 */
export function ldifOf(entries: readonly DirectoryEntry[], ou: string): Ldif {
  const users = entries.filter((entry) => entry.classes.includes('user'));
  const groups = entries.filter((entry) => entry.classes.includes('group'));
  const copies = new Map(entries.map((entry) => [dnKey(entry.dn), copiedDn(entry, ou)]));
  const memberDn = (dn: string) => copies.get(dnKey(dn)) ?? dn;
  return {
    users: users.map((entry, at) => added(entry, ou, { kind: 'user', number: at })).join('\n'),
    passwords: users.map((entry) => passwordAndManager(entry, { ou, memberDn })).join('\n'),
    groups: groups
      .map((entry, at) => added(entry, ou, { kind: 'group', number: users.length + at }))
      .join('\n'),
    members: groups.flatMap((entry) => membersOf(entry, { ou, memberDn })).join('\n'),
  };
}

function added(
  entry: DirectoryEntry,
  ou: string,
  { kind, number }: { kind: 'user' | 'group'; number: number },
): string {
  const value = (name: string) => entry.values.get(name.toLowerCase())?.[0];
  const names = kind === 'user' ? userAttributes : groupAttributes;
  const principal = value('userPrincipalName');
  return record(copiedDn(entry, ou), [
    ['objectClass', kind],
    ['sAMAccountName', `y${number}.${value('sAMAccountName')}`.slice(0, 20).replace(/\.+$/, '')],
    ...(principal === undefined ? [] : [['userPrincipalName', `y${principal}`] as const]),
    ...(kind === 'user' ? [['userAccountControl', '514'] as const] : []),
    ['adminDescription', `Yard_${value('adminDescription')?.split('_')[1]}`],
    ['msDS-ExternalDirectoryObjectId', `Yard_${value('adminDescription')?.split('_')[1]}`],
    ...names.flatMap((name) =>
      (entry.values.get(name.toLowerCase()) ?? []).map((text) => [name, text] as const),
    ),
  ]);
}

type Where = { ou: string; memberDn: (dn: string) => string };

/** What waits until every entry is there: an account is enabled with its password, and a manager must exist. */
function passwordAndManager(entry: DirectoryEntry, { ou, memberDn }: Where): string {
  const control = entry.values.get('useraccountcontrol')?.[0] ?? '514';
  const quoted = Buffer.from(`"Aa1-${randomBytes(18).toString('base64url')}"`, 'utf16le');
  const lines = [
    `dn:: ${base64(copiedDn(entry, ou))}`,
    'changetype: modify',
    'replace: unicodePwd',
    `unicodePwd:: ${quoted.toString('base64')}`,
    '-',
  ];
  const enable = ['replace: userAccountControl', `userAccountControl: ${control}`, '-'];
  const dn = entry.values.get('manager')?.[0];
  const manager = dn === undefined ? [] : ['replace: manager', `manager:: ${base64(memberDn(dn))}`, '-'];
  return `${[...lines, ...(control === '512' ? enable : []), ...manager].join('\n')}\n`;
}

function membersOf(entry: DirectoryEntry, { ou, memberDn }: Where): string[] {
  if (entry.members.length === 0) return [];
  const head = [`dn:: ${base64(copiedDn(entry, ou))}`, 'changetype: modify', 'add: member'];
  const members = entry.members.map((dn) => `member:: ${base64(memberDn(dn))}`);
  return [`${[...head, ...members, '-'].join('\n')}\n`];
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

const record = (dn: string, values: readonly (readonly [string, string])[]): string =>
  `${[`dn:: ${base64(dn)}`, ...values.map(([name, text]) => `${name}:: ${base64(text)}`)].join('\n')}\n`;

/** The same relative name under the other OU, as the server escaped it. */
function copiedDn(entry: DirectoryEntry, ou: string): string {
  const rdn = /^(?:\\.|[^\\,])+/.exec(entry.dn)?.[0] ?? entry.dn;
  return `${rdn},${ou}`;
}
