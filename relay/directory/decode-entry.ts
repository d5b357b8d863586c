import { WritebackError } from '../../shared/errors.ts';
import type { Dn, Entry, EntrySummary, Principal, Sid } from '../ports.ts';
import { guidFromBytes } from './codec/guid-codec.ts';
import { securityDescriptorOwner } from './codec/security-descriptor-owner.ts';
import { sidFromBytes } from './codec/sid-codec.ts';
import type { LdapEntry } from './ldap-entry.ts';

/** What must be asked for to decode a principal. */
export const principalAttributes = ['objectGUID', 'objectSid', 'objectClass', 'adminCount'];

/** What must be asked for to decode a summary; the owner comes only with the SD-flags control. */
export const summaryAttributes = [
  'objectGUID',
  'objectSid',
  'objectClass',
  'adminDescription',
  'nTSecurityDescriptor',
];

/** What must be asked for to decode an entry, besides the text attributes that the caller wants. */
export const entryAttributes = [
  ...summaryAttributes,
  'cn',
  'userAccountControl',
  'groupType',
  'pwdLastSet',
  'adminCount',
];

/** The SID of nobody (S-1-0-0): stands for entries that have none, such as contacts. */
export const nobody = 'S-1-0-0' as Sid;

/** Somebody: a user, a group, or something that is neither. */
export function principalOf(found: LdapEntry): Principal {
  return {
    guid: requiredGuid(found),
    sid: sidOf(found),
    dn: found.dn as Dn,
    kind: kindOf(found),
    adminCount: found.integer('adminCount') ?? 0,
  };
}

/**
 * Summary of an entry. One that is neither user nor group (only a lookup by name can find it) counts as a user that
 * carries no mark, so that it is never taken for ours.
 */
export function summaryOf(found: LdapEntry): EntrySummary {
  const kind = kindOf(found);
  const descriptor = found.bytes('nTSecurityDescriptor');
  return {
    guid: requiredGuid(found),
    sid: sidOf(found),
    dn: found.dn as Dn,
    kind: kind === 'other' ? 'user' : kind,
    mark: kind === 'other' ? undefined : found.text('adminDescription'),
    owner: descriptor === undefined ? undefined : securityDescriptorOwner(descriptor),
  };
}

/** An entry with the text attributes that were asked for and are there. */
export function entryOf(found: LdapEntry, attributes: readonly string[]): Entry {
  const summary = summaryOf(found);
  const texts = attributes.flatMap((name) => {
    const text = found.text(name);
    return text === undefined ? [] : [[name, text] as const];
  });
  const pwdLastSet = found.text('pwdLastSet');
  return {
    ...summary,
    cn: found.text('cn') ?? '',
    attributes: Object.fromEntries(texts),
    userAccountControl: found.integer('userAccountControl'),
    groupType: found.integer('groupType'),
    passwordSet: summary.kind === 'user' && pwdLastSet !== undefined ? pwdLastSet !== '0' : undefined,
    adminCount: found.integer('adminCount') ?? 0,
  };
}

/** `user` covers inetOrgPerson; a computer is a user by class, but nobody's account. */
function kindOf(found: LdapEntry): Principal['kind'] {
  const classes = found.texts('objectClass').map((name) => name.toLowerCase());
  if (classes.includes('computer')) return 'other';
  if (classes.includes('user')) return 'user';
  return classes.includes('group') ? 'group' : 'other';
}

function requiredGuid(found: LdapEntry) {
  const bytes = found.bytes('objectGUID');
  const guid = bytes === undefined ? undefined : guidFromBytes(bytes);
  if (guid === undefined)
    throw new WritebackError('rights-missing', { detail: 'objectGUID could not be read' });
  return guid;
}

function sidOf(found: LdapEntry): Sid {
  const bytes = found.bytes('objectSid');
  return (bytes === undefined ? undefined : sidFromBytes(bytes)) ?? nobody;
}
