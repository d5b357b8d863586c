import { parseDn } from '../../../relay/directory/codec/dn.ts';
import type { Dn, Guid, Sid } from '../../../relay/ports.ts';

export type Value = string | Buffer;

/** One entry of the fake domain. */
export type WindowsEntry = {
  guid: Guid;
  /** Undefined for what is no security principal (contacts, OUs). */
  sid: Sid | undefined;
  owner: Sid;
  /** DN of its parent, and RDN attribute type and value. */
  parent: Dn;
  rdnType: 'CN' | 'OU' | 'DC';
  name: string;
  objectClass: string[];
  /** By attribute name in lower case; linked and computed attributes are not in here. */
  values: Map<string, Value[]>;
  members: Set<Guid>;
  manager: Guid | undefined;
  passwordSet: boolean;
};

/** DN in the spelling of Windows: RFC 4514 escapes by backslash, line feed and carriage return as hex pairs. */
export function dnOf(entry: WindowsEntry): Dn {
  return `${entry.rdnType}=${escaped(entry.name)}${entry.parent === '' ? '' : `,${entry.parent}`}` as Dn;
}

const escaped = (value: string): string =>
  value
    .replaceAll(/[,+"\\<>;=]|^[ #]| $/g, (char) => `\\${char}`)
    .replaceAll('\n', '\\0A')
    .replaceAll('\r', '\\0D');

export const isUser = (entry: WindowsEntry): boolean => entry.objectClass.includes('user');
export const isGroup = (entry: WindowsEntry): boolean => entry.objectClass.includes('group');

/** The first value of an attribute as text. */
export const textOf = (entry: WindowsEntry, attribute: string): string | undefined =>
  entry.values.get(attribute.toLowerCase())?.[0]?.toString();

/**
 * How Windows compares names: without case, diacritics and width; ß is ss ("cannot add user, object names differ only by a diacritic
 * mark", Microsoft support).
 */
export const folded = remembered((text) =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss'),
);

/** A DN in one spelling, from the root down, so that a child's begins with its parent's; empty for what is no DN. */
export const pathOf = remembered((dn) =>
  (parseDn(dn) ?? [])
    .map(({ type, value }) => `${type.toLowerCase()}=${folded(value)}\n`)
    .reverse()
    .join(''),
);

function remembered(compute: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = compute(text);
    known.set(text, result);
    return result;
  };
}
