import { WritebackError } from '../../shared/errors.ts';
import type { EntrySummary } from '../ports.ts';
import { ownerOnly } from './controls.ts';
import { summaryAttributes, summaryOf } from './decode-entry.ts';
import type { LdapEntry } from './ldap-entry.ts';
import { type Places, placeOf } from './places.ts';
import { allOf, anyOf, equals } from './search-directory.ts';

/** What is read of an entry for a summary. */
export const summaryQuery = { attributes: summaryAttributes, controls: () => [ownerOnly()] };

/** Users (inetOrgPerson too, computers not) and groups, by the indexed attribute. */
export const usersAndGroups = () =>
  anyOf([
    allOf(equals('objectCategory', 'person'), equals('objectClass', 'user')),
    equals('objectCategory', 'group'),
  ]);

/** One that was moved out between search and answer has no place and is left out. */
export function summariesIn(places: Places, found: readonly LdapEntry[]): EntrySummary[] {
  return found.flatMap((entry) => {
    const place = placeOf(entry.dn, places);
    return place === undefined ? [] : [summaryOf(entry, place)];
  });
}

/** Of a search whose base is a place itself: where there is no such object, it is the place that is missing. */
export const destinationMissing = (error: unknown): unknown =>
  error instanceof WritebackError && error.code === 'entry-missing'
    ? new WritebackError('destination-missing')
    : error;
