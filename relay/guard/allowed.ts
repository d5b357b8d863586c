import type { Kind } from '../../shared/domain/object-id.ts';
import { externalIdAttribute, markAttribute } from '../plan/plan.ts';

/**
 * Every text attribute that a command may name, by kind: exactly those of docs/expected-state.md. Whatever the cloud side
 * sends, nothing else is written: no delegation, SPNs, key credentials, sIDHistory or security descriptors.
 */
export const allowedAttributes: Record<Kind, ReadonlySet<string>> = {
  user: new Set([
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
  ]),
  group: new Set(['displayName', 'mail', 'description']),
};

/** What the relay writes by rules of its own: never named by a command's `attributes`. */
export const issuedAttributes: Record<Kind, ReadonlySet<string>> = {
  user: new Set(['sAMAccountName', 'userPrincipalName', markAttribute, externalIdAttribute]),
  group: new Set(['sAMAccountName', markAttribute, externalIdAttribute]),
};

/** The attributes to read of an entry for planning. */
export const attributesToRead: Record<Kind, readonly string[]> = {
  user: [...allowedAttributes.user, ...issuedAttributes.user],
  group: [...allowedAttributes.group, ...issuedAttributes.group],
};
