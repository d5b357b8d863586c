import { randomBytes } from 'node:crypto';
import type { DirectoryEntry } from '../verify/directory-state.ts';
import { dnKey } from '../verify/dn.ts';

/** The four files that an administrator with ldap-utils would write: entries disabled, passwords, groups, members. */
export type Ldif = { users: string; passwords: string; groups: string; members: string };

const userAttributes = [
  'displayName',
  'givenName',
  'sn',
  'title',
  'department',
  'company',
  'employeeID',
  'physicalDeliveryOfficeName',
  'streetAddress',
  'l',
  'st',
  'postalCode',
  'co',
  'preferredLanguage',
  'telephoneNumber',
  'mobile',
  'mail',
];
const groupAttributes = ['displayName', 'mail', 'description', 'groupType'];

/**
 * The entries of the destination as LDIF for another OU of the same domain. What must be unique in a domain (sAMAccountName,
 * userPrincipalName) and the marks get other values of the same length or one letter more, everything else is as it is.
 */
export function ldifOf(entries: readonly DirectoryEntry[], ou: string): Ldif {
  const users = entries.filter((entry) => entry.classes.includes('user'));
  const groups = entries.filter((entry) => entry.classes.includes('group'));
  const copies = new Map(entries.map((entry) => [dnKey(entry.dn), copiedDn(entry, ou)]));
  const memberDn = (dn: string) => copies.get(dnKey(dn)) ?? dn;
  return {
    users: users.map((entry) => added(entry, ou, 'user')).join('\n'),
    passwords: users.map((entry) => password(entry, ou)).join('\n'),
    groups: groups.map((entry) => added(entry, ou, 'group')).join('\n'),
    members: groups.flatMap((entry) => membersOf(entry, { ou, memberDn })).join('\n'),
  };
}

function added(entry: DirectoryEntry, ou: string, kind: 'user' | 'group'): string {
  const value = (name: string) => entry.values.get(name.toLowerCase())?.[0];
  const names = kind === 'user' ? userAttributes : groupAttributes;
  const principal = value('userPrincipalName');
  return record(copiedDn(entry, ou), [
    ['objectClass', kind],
    ['sAMAccountName', `y${value('sAMAccountName')}`.slice(0, 20)],
    ...(principal === undefined ? [] : [['userPrincipalName', `y${principal}`] as const]),
    ...(kind === 'user' ? [['userAccountControl', '514'] as const] : []),
    ['adminDescription', `Yard_${value('adminDescription')?.split('_')[1]}`],
    ['msDS-ExternalDirectoryObjectId', `Yard_${value('adminDescription')?.split('_')[1]}`],
    ...names.flatMap((name) => {
      const text = value(name);
      return text === undefined ? [] : [[name, text] as const];
    }),
  ]);
}

function password(entry: DirectoryEntry, ou: string): string {
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
  return `${[...lines, ...(control === '512' ? enable : [])].join('\n')}\n`;
}

function membersOf(
  entry: DirectoryEntry,
  { ou, memberDn }: { ou: string; memberDn: (dn: string) => string },
): string[] {
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
