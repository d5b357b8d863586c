import type { DirectoryObject } from '../directory/directory-object.ts';
import { propertyValue } from './present.ts';
import { badRequest } from './problem.ts';

type Test = (object: DirectoryObject) => boolean;

/*
 * The part of OData filters that directory clients use without advanced queries:
 *
 *   filter  = any { ' or ' any }          any = term { ' and ' term }
 *   term    = name ' eq ' literal | name ' in (' literal {, literal} ')' | startswith(name, 'text')
 *           | name/any(x:x eq 'text')
 */

/** What `$filter` asks, as a test; everything passes where it is absent. 400 for what is not understood. */
export function filterOf(query: URLSearchParams): Test {
  const text = query.get('$filter');
  if (text === null) return () => true;
  const anyOf = split(text, ' or ').map((part) => split(part, ' and ').map(term));
  return (object) => anyOf.some((allOf) => allOf.every((test) => test(object)));
}

/** The ids of `id eq 'a' or id eq 'b'…`, the only filter that delta queries take; at most 50. */
export function idsOf(query: URLSearchParams): readonly string[] | undefined {
  const text = query.get('$filter');
  if (text === null) return undefined;
  const ids = split(text, ' or ').map((part) => /^\(?id eq '([^']+)'\)?$/i.exec(part.trim())?.[1]);
  if (ids.length > 50 || ids.some((id) => id === undefined))
    throw badRequest('The filter of a delta query may only name up to 50 object ids.');
  return ids.filter((id) => id !== undefined).map((id) => id.toLowerCase());
}

/** Splits at a word outside of quotes. */
function split(text: string, word: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === "'") quoted = !quoted;
    if (quoted || !text.startsWith(word, index)) continue;
    parts.push(text.slice(start, index));
    start = index + word.length;
  }
  return [...parts, text.slice(start)];
}

function term(text: string): Test {
  const trimmed = text.trim();
  const starts = /^startswith\(\s*(\w+)\s*,\s*('.*')\s*\)$/i.exec(trimmed);
  if (starts) return startsWith(starts[1] ?? '', String(literal(starts[2] ?? '')));
  const some = /^(\w+)\/any\((\w+):\s*\2 eq ('.*')\)$/i.exec(trimmed);
  if (some) return holds(some[1] ?? '', literal(some[3] ?? ''));
  const oneOf = /^(\w+) in \((.*)\)$/i.exec(trimmed);
  if (oneOf) return isOneOf(oneOf[1] ?? '', split(oneOf[2] ?? '', ',').map(literal));
  const equal = /^(\w+) eq (.+)$/i.exec(trimmed);
  if (equal) return isOneOf(equal[1] ?? '', [literal(equal[2] ?? '')]);
  throw badRequest(`Invalid filter clause: '${trimmed}'.`);
}

function literal(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === 'null') return null;
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  const quoted = /^'(.*)'$/.exec(trimmed);
  if (quoted === null) throw badRequest(`Invalid filter clause: '${trimmed}'.`);
  return (quoted[1] ?? '').replaceAll("''", "'");
}

/** The directory compares texts without regard to case. */
const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

const isOneOf = (name: string, wanted: readonly unknown[]): Test => {
  const folded = new Set(wanted.map(fold));
  return (object) => folded.has(fold(propertyValue(object, name)));
};

const startsWith =
  (name: string, start: string): Test =>
  (object) => {
    const value = propertyValue(object, name);
    return typeof value === 'string' && value.toLowerCase().startsWith(start.toLowerCase());
  };

const holds =
  (name: string, wanted: unknown): Test =>
  (object) => {
    const value = propertyValue(object, name);
    return Array.isArray(value) && value.some((one) => fold(one) === fold(wanted));
  };
