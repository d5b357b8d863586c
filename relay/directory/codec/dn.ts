import type { Dn } from '../../ports.ts';

/*
 * Distinguished names (RFC 4514, plus the quoted values of RFC 1779 that AD still takes).
 *
 * They are never compared as text: a server answers with other escapes and another case than it was sent. And they are sent with
 * a hex pair for every special character, the one spelling that Windows, Samba and the splitting in ldapts' modifyDN all
 * understand (a value that ends in `\\` or that is quoted is cut in the wrong place there).
 */

/** One step of a name: attribute type as written and value without escapes. */
export type Rdn = { type: string; value: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped
const special = /[,+"\\<>;=\u0000-\u001f\u007f]|^[ #]| $/g;

const rdnType = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)\s*=\s*/;

/** The value with each special character as a hex pair, ready to stand in a DN. */
export function escapeRdnValue(value: string): string {
  return value.replaceAll(
    special,
    (char) => `\\${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The DN of the child `CN=<cn>` of a parent. */
export const childDn = (cn: string, parent: Dn): Dn => `CN=${escapeRdnValue(cn)},${parent}` as Dn;

/** The target form that survives renames and moves. */
export const guidDn = (guid: string): string => `<GUID=${guid}>`;

/** Text of a parsed name, with hex pairs as escapes. */
export const formatDn = (rdns: readonly Rdn[]): Dn =>
  rdns.map(({ type, value }) => `${type}=${escapeRdnValue(value)}`).join(',') as Dn;

/** The steps of a DN from the entry up to the root; undefined where the text is none. Multi-valued steps do not exist in AD. */
export function parseDn(text: string): Rdn[] | undefined {
  const rdns: Rdn[] = [];
  let rest = text;
  while (rest !== '') {
    const type = rdnType.exec(rest);
    if (type?.[1] === undefined) return undefined;
    const value = readValue(rest.slice(type[0].length));
    if (value === undefined) return undefined;
    rdns.push({ type: type[1], value: value.value });
    if (value.rest === '' && value.separated) return undefined;
    rest = value.rest;
  }
  return rdns;
}

type ReadValue = { value: string; rest: string; separated: boolean };

function readValue(text: string): ReadValue | undefined {
  return text.startsWith('"') ? readQuoted(text) : readPlain(text);
}

const plainValue = /^((?:[^\\,;+"<>]|\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f])*)(?:([,;])([\s\S]*))?$/;

function readPlain(text: string): ReadValue | undefined {
  const match = plainValue.exec(text);
  if (match?.[1] === undefined) return undefined;
  const value = unescapeValue(withoutTrailingSpaces(match[1]));
  return value === undefined ? undefined : { value, rest: match[3] ?? '', separated: match[2] !== undefined };
}

/** Spaces at the end belong to the value only where the last is escaped. */
function withoutTrailingSpaces(raw: string): string {
  const trimmed = raw.replace(/ +$/, '');
  return trimmed.length < raw.length && /(?:^|[^\\])(?:\\\\)*\\$/.test(trimmed) ? `${trimmed} ` : trimmed;
}

const quotedValue = /^"((?:[^\\"]|\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f])*)"\s*(?:([,;])([\s\S]*))?$/;

function readQuoted(text: string): ReadValue | undefined {
  const match = quotedValue.exec(text);
  if (match?.[1] === undefined) return undefined;
  const value = unescapeValue(match[1]);
  return value === undefined ? undefined : { value, rest: match[3] ?? '', separated: match[2] !== undefined };
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Runs of hex pairs are bytes of UTF-8 (RFC 4514 3): `caf\C3\A9` is café. Undefined where they are not. */
function unescapeValue(raw: string): string | undefined {
  try {
    return raw.replaceAll(
      /((?:\\[0-9A-Fa-f]{2})+)|\\([\s\S])/g,
      (_, pairs: string | undefined, char: string) =>
        pairs === undefined ? char : strictUtf8.decode(Buffer.from(pairs.replaceAll('\\', ''), 'hex')),
    );
  } catch {
    return undefined;
  }
}

/** Whether two names are of the same entry, whatever their escapes and case. */
export function sameDn(one: string, other: string): boolean {
  const [left, right] = [parseDn(one), parseDn(other)];
  if (left === undefined || right === undefined) return false;
  return left.length === right.length && endsWith(left, right);
}

/** Whether an entry lies somewhere below another, at any depth; an entry is not under itself. */
export function isUnder(dn: string, ancestor: string): boolean {
  const [below, above] = [parseDn(dn), parseDn(ancestor)];
  if (below === undefined || above === undefined || above.length === 0) return false;
  return below.length > above.length && endsWith(below, above);
}

/** DNS name of the domain that a DN lies in: its DC steps, in lower case. */
export function domainOf(dn: string): string {
  const steps = (parseDn(dn) ?? []).filter(({ type }) => type.toLowerCase() === 'dc');
  return steps.map(({ value }) => value.toLowerCase()).join('.');
}

function endsWith(rdns: readonly Rdn[], ending: readonly Rdn[]): boolean {
  const from = rdns.length - ending.length;
  return ending.every((rdn, index) => {
    const other = rdns[from + index];
    return (
      other !== undefined && fold(other.type) === fold(rdn.type) && fold(other.value) === fold(rdn.value)
    );
  });
}

const fold = (text: string): string => text.normalize('NFC').toLowerCase();
