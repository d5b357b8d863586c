import { createHash } from 'node:crypto';
import { WritebackError } from '../../shared/errors.ts';
import type { Entry, EntrySummary, Place, Principal, Sid } from '../ports.ts';
import { parseDn } from './codec/dn.ts';
import { guidFromBytes } from './codec/guid-codec.ts';
import { securityDescriptorOwner } from './codec/security-descriptor-owner.ts';
import { sidFromBytes } from './codec/sid-codec.ts';
import { parseExtendedDn, plainDn } from './extended-dn.ts';
import { isBinary, type LdapEntry } from './ldap-entry.ts';

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
  'manager',
  'adminCount',
];

/** The SID of nobody (S-1-0-0): stands for entries that have none, such as contacts. */
export const nobody = 'S-1-0-0' as Sid;

/** Somebody: a user, a group, or something that is neither. */
export function principalOf(found: LdapEntry): Principal {
  return {
    guid: requiredGuid(found),
    sid: sidOf(found),
    dn: plainDn(found.dn),
    kind: kindOf(found),
    adminCount: found.integer('adminCount') ?? 0,
  };
}

/**
 * Summary of an entry. One that is neither user nor group (only a lookup by name can find it) counts as a user that
 * carries no mark, so that it is never taken for ours; and so does the loser of a name clash between two domain controllers.
 */
export function summaryOf(found: LdapEntry, place: Place): EntrySummary {
  const kind = kindOf(found);
  const dn = plainDn(found.dn);
  const descriptor = found.bytes('nTSecurityDescriptor');
  return {
    guid: requiredGuid(found),
    sid: sidOf(found),
    dn,
    kind: kind === 'other' ? 'user' : kind,
    place,
    mark: kind === 'other' || isConflictTwin(dn) ? undefined : found.text('adminDescription'),
    owner: descriptor === undefined ? undefined : securityDescriptorOwner(descriptor),
  };
}

/** `CN=<cn>\0ACNF:<guid>`: what replication makes of an entry whose name was given on two domain controllers at once. */
const isConflictTwin = (dn: string): boolean => /\nCNF:[0-9a-f-]{36}$/i.test(parseDn(dn)?.[0]?.value ?? '');

/** An entry with the attributes that were asked for and are there; needs the extended-DN control for the manager. */
export function entryOf(found: LdapEntry, place: Place, asked: readonly string[]): Entry {
  const summary = summaryOf(found, place);
  const isUser = summary.kind === 'user';
  const there = asked.filter((name) => found.has(name));
  const texts = there.filter((name) => !isBinary(name));
  const pwdLastSet = found.text('pwdLastSet');
  return {
    ...summary,
    cn: found.text('cn') ?? '',
    attributes: Object.fromEntries(texts.map((name) => [name, found.text(name) ?? ''])),
    lists: Object.fromEntries(texts.map((name) => [name, found.texts(name)])),
    digests: Object.fromEntries(there.filter(isBinary).map((name) => [name, digestOf(found, name)])),
    manager: parseExtendedDn(found.text('manager') ?? '')?.guid,
    userAccountControl: found.integer('userAccountControl'),
    groupType: found.integer('groupType'),
    passwordSet: isUser && pwdLastSet !== undefined ? pwdLastSet !== '0' : undefined,
    adminCount: found.integer('adminCount') ?? 0,
  };
}

const digestOf = (found: LdapEntry, name: string): string =>
  createHash('sha256')
    .update(found.bytes(name) ?? '')
    .digest('hex');

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
