import { desiredHash } from '../domain/desired-hash.ts';

/** Raised by us when our own defaults change what an entry should be: everything is looked at again after the update. */
const ourRevision = 1;

/**
 * Names what a configuration makes of cloud objects: SHA-256 over its options, the text of its functions, and both revisions.
 * What a function reads from outside itself is not seen; the owner's `revision` is for that.
 */
export function settingsHash(config: Readonly<Record<string, unknown>>): string {
  return desiredHash({ ourRevision, config: withTexts(config) });
}

function withTexts(value: unknown): unknown {
  if (typeof value === 'function') return { function: String(value) };
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTexts(inner)]));
}
