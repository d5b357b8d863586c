import type { Dn, Place } from '../ports.ts';
import { isUnder } from './codec/dn.ts';

/** The OUs that are ours. One may lie inside the other. */
export type Places = { destination: Dn; leavers: Dn | undefined };

/** In which place an entry lies; where one OU lies inside the other, the deeper counts. Undefined where it is in neither. */
export function placeOf(dn: string, { destination, leavers }: Places): Place | undefined {
  const inDestination = isUnder(dn, destination);
  if (leavers === undefined || !isUnder(dn, leavers)) return inDestination ? 'destination' : undefined;
  return inDestination && isUnder(destination, leavers) ? 'destination' : 'leavers';
}

/** Bases of searches that see each entry of both places once. */
export function basesOf({ destination, leavers }: Places): Dn[] {
  if (leavers === undefined || isUnder(leavers, destination)) return [destination];
  return isUnder(destination, leavers) ? [leavers] : [destination, leavers];
}

/** The OU of a place; undefined for the leavers' where there is none. */
export const unitOf = (place: Place, { destination, leavers }: Places): Dn | undefined =>
  place === 'destination' ? destination : leavers;
