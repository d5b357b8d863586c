import { cleanText } from '../clean-text.ts';
import { askTexts } from '../mapping-error.ts';
import type { AttributeRule } from '../settings.ts';
import { limitOf } from './attribute-limits.ts';

/** Values as a command carries them, by LDAP name; `null` clears. `initial` is for a new entry only. */
export type MappedAttributes = {
  attributes: Record<string, string | string[] | null>;
  initial: Record<string, string | string[]>;
};

/** What a command carries; an entry holds about 1,200 values of this sort in all (ad-ldap.md A.7). */
const maxValues = 1_000;

/**
 * What the rules give for an object, within what AD takes: texts trimmed and cut, values of one attribute that differ in case
 * only said once, one value where AD takes one. `place` is where the rules stand in the configuration. Throws MappingError.
 */
export function mappedAttributes<T>(
  place: string,
  rules: Readonly<Record<string, AttributeRule<T>>>,
  object: T,
): MappedAttributes {
  const mapped: MappedAttributes = { attributes: {}, initial: {} };
  for (const [name, { from, when, empty }] of Object.entries(rules)) {
    const value = valueFor(name, askTexts(`${place}.${name}`, from, object));
    if (when === 'creation') {
      if (value !== undefined) mapped.initial[name] = value;
    } else if (value !== undefined) mapped.attributes[name] = value;
    else if (empty === 'clear') mapped.attributes[name] = limitOf(name).none;
  }
  return withConsistentCountry(mapped);
}

function valueFor(name: string, texts: readonly string[]): string | string[] | undefined {
  const { max, several } = limitOf(name);
  const distinct = new Map<string, string>();
  for (const text of texts.map((one) => cleanText(one, max))) {
    const folded = text.toLowerCase();
    const held = distinct.get(folded);
    // Of two that differ in case only the first counts, but `SMTP:` marks the primary address of its twins.
    const isPrimary = text.startsWith('SMTP:') && held?.startsWith('SMTP:') === false;
    if (text !== '' && (held === undefined || isPrimary)) distinct.set(folded, text);
  }
  const values = [...distinct.values()].slice(0, maxValues);
  return several && values.length > 1 ? values : values[0];
}

/** A country's text without a code: `c` is cleared even where the owner keeps it, or it would name another country. */
function withConsistentCountry(mapped: MappedAttributes): MappedAttributes {
  const { co, c, countryCode } = mapped.attributes;
  if (typeof co === 'string' && c === undefined && countryCode === '0') mapped.attributes['c'] = null;
  return mapped;
}
