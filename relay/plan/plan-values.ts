import { createHash } from 'node:crypto';
import type { UserPresent } from '../../shared/contracts/command.ts';
import type { Entry, Guid } from '../ports.ts';
import { type Change, photoAttribute } from './plan.ts';

/** What an attribute should have: text, several texts, or nothing. */
export type Wanted = string | readonly string[] | null;

/** Attributes that not every schema has, and that are simply left out where they are missing: those of Exchange. */
const optionalAttribute = /^extensionAttribute([1-9]|1[0-5])$/;

/** Splits off what this forest's schema lacks. `lacking`: whether a value is lost by it. */
export function knownToSchema<T extends Wanted>(
  wanted: Readonly<Record<string, T>>,
  optionalAttributes: ReadonlySet<string>,
): { known: Record<string, T>; lacking: boolean } {
  const isKnown = (name: string) => !optionalAttribute.test(name) || optionalAttributes.has(name);
  const all = Object.entries(wanted);
  return {
    known: Object.fromEntries(all.filter(([name]) => isKnown(name))),
    lacking: all.some(([name, value]) => value !== null && !isKnown(name)),
  };
}

/** What has to be replaced so that the entry has what is wanted. */
export function planTexts(wanted: Readonly<Record<string, Wanted>>, entry: Entry): Change[] {
  return Object.entries(wanted).flatMap(([attribute, value]): Change[] => {
    const values = valuesOf(value);
    const current = entry.lists[attribute] ?? [entry.attributes[attribute] ?? []].flat();
    return areSame(current, values) ? [] : [{ type: 'replace', attribute, values }];
  });
}

/** The values to write. AD compares them without case, and Windows refuses two that are the same to it. */
export function valuesOf(value: Wanted): string[] {
  const byFolded = new Map<string, string>();
  for (const text of value === null ? [] : [value].flat())
    if (!byFolded.has(text.toLowerCase())) byFolded.set(text.toLowerCase(), text);
  return [...byFolded.values()];
}

/** One text follows the cloud in its case, too; several are a set, in no order and without case. */
function areSame(current: readonly string[], wanted: readonly string[]): boolean {
  if (current.length !== wanted.length) return false;
  if (wanted.length === 1) return current[0] === wanted[0];
  const folded = new Set(current.map((text) => text.toLowerCase()));
  return wanted.every((text) => folded.has(text.toLowerCase()));
}

/** The photo, compared by digest: what AD has is never transferred in words. */
export function planPhoto(photo: UserPresent['photo'], entry: Entry | undefined): Change[] {
  if (photo === undefined) return [];
  const bytes = photo === null ? null : Buffer.from(photo, 'base64');
  const wanted = bytes === null ? undefined : createHash('sha256').update(bytes).digest('hex');
  return entry?.digests[photoAttribute] === wanted ? [] : [{ type: 'photo', bytes }];
}

/** The manager as it was resolved; `undefined` leaves it alone. */
export function planManager(manager: Guid | null | undefined, entry: Entry | undefined): Change[] {
  if (manager === undefined || (entry?.manager ?? null) === manager) return [];
  return [{ type: 'manager', to: manager }];
}
