import {
  AndFilter,
  EqualityFilter,
  type Filter,
  type Entry as FoundEntry,
  OrFilter,
  PresenceFilter,
} from 'ldapts';
import { guidToBytes } from '../../../relay/directory/codec/guid-codec.ts';
import { sidToBytes } from '../../../relay/directory/codec/sid-codec.ts';
import { refusal } from './refusal.ts';
import type { WindowsDomain } from './windows-domain.ts';
import { dnOf, folded, isUser, pathOf, type Value, type WindowsEntry } from './windows-entry.ts';

/** What Windows calls MaxValRange: most values of one attribute in one answer. */
export const mostValues = 1_500;

export type Asked = { attributes: readonly string[]; withOwner: boolean; extendedDn: boolean };

/** Live entries in scope that match the filter. */
export function matching(
  domain: WindowsDomain,
  query: { base: string; scope: string; filter: Filter },
): WindowsEntry[] {
  const base = domain.find(query.base);
  const matches = predicateOf(query.filter);
  if (query.scope === 'base') return [base].filter(matches);
  const path = pathOf(dnOf(base));
  const inScope = (entry: WindowsEntry): boolean =>
    query.scope === 'one'
      ? pathOf(entry.parent) === path
      : entry.guid === base.guid || pathOf(entry.parent).startsWith(path);
  return [...domain.entries.values()].filter((entry) => inScope(entry) && matches(entry));
}

/** Deleted entries that match the filter. */
export function matchingDeleted(domain: WindowsDomain, filter: Filter): WindowsEntry[] {
  const matches = predicateOf(filter);
  return [...domain.deleted.values()].map(({ entry }) => entry).filter(matches);
}

type Predicate = (entry: WindowsEntry) => boolean;

function predicateOf(filter: Filter): Predicate {
  if (filter instanceof AndFilter) {
    const all = filter.filters.map((each) => predicateOf(each));
    return (entry) => all.every((matches) => matches(entry));
  }
  if (filter instanceof OrFilter) return anyPredicate(filter.filters);
  if (filter instanceof PresenceFilter) return (entry) => valuesOf(entry, filter.attribute).length > 0;
  if (filter instanceof EqualityFilter) return equality(filter.attribute, [filter.value]);
  throw new TypeError('the fake does not know this filter');
}

/** Many terms on one attribute are one look into a set, as an index would have it. */
function anyPredicate(filters: readonly Filter[]): Predicate {
  const terms = filters.filter((each) => each instanceof EqualityFilter);
  const attribute = terms[0]?.attribute;
  if (
    attribute !== undefined &&
    filters.length === terms.filter((term) => term.attribute === attribute).length
  ) {
    return equality(
      attribute,
      terms.map(({ value }) => value),
    );
  }
  const any = filters.map((each) => predicateOf(each));
  return (entry) => any.some((matches) => matches(entry));
}

/** Bytes equal bytes only: a GUID in text form finds nothing on Windows, though it does on Samba. */
function equality(attribute: string, wanted: readonly Value[]): Predicate {
  const keyOf = (value: Value): string =>
    Buffer.isBuffer(value) ? `bytes ${value.toString('hex')}` : `text ${folded(value)}`;
  const keys = new Set(wanted.map(keyOf));
  return (entry) => valuesOf(entry, attribute).some((value) => keys.has(keyOf(value)));
}

/** An entry as ldapts hands it over: an absent attribute as an empty list, one value bare. */
export function render(domain: WindowsDomain, entry: WindowsEntry, asked: Asked): FoundEntry {
  const found: FoundEntry = { dn: asked.extendedDn ? extended(entry) : dnOf(entry) };
  for (const attribute of asked.attributes) {
    const [name = '', range] = attribute.split(';range=');
    found[attribute] = [];
    if (name.toLowerCase() === 'ntsecuritydescriptor' && !asked.withOwner) continue;
    if (name.toLowerCase() === 'manager') Object.assign(found, managerIn(domain, entry, { name, ...asked }));
    else if (isLinked(name))
      Object.assign(found, ranged(name, links(domain, entry, { name, ...asked }), range));
    else {
      const values = valuesOf(entry, name);
      if (values.length > 0) found[attribute] = bare(values);
    }
  }
  return found;
}

const isLinked = (name: string): boolean =>
  ['member', 'memberof', 'directreports'].includes(name.toLowerCase());

function links(
  domain: WindowsDomain,
  entry: WindowsEntry,
  { name, extendedDn }: { name: string; extendedDn: boolean },
): string[] {
  const linked = linkedBy(domain, entry, name.toLowerCase());
  return linked.map((each) => (extendedDn ? extended(each) : dnOf(each)));
}

function linkedBy(domain: WindowsDomain, entry: WindowsEntry, name: string): WindowsEntry[] {
  if (name === 'memberof') return domain.groupsOf(entry.guid);
  if (name === 'directreports') return domain.reportsOf(entry.guid);
  return [...entry.members].flatMap((guid) => domain.entries.get(guid) ?? domain.abroad.get(guid) ?? []);
}

function managerIn(
  domain: WindowsDomain,
  entry: WindowsEntry,
  { name, extendedDn }: { name: string; extendedDn: boolean },
): Record<string, string> {
  const manager = entry.manager === undefined ? undefined : domain.entries.get(entry.manager);
  return manager === undefined ? {} : { [name]: extendedDn ? extended(manager) : dnOf(manager) };
}

/** At most 1,500 values, under a name that says which; the plain name stays empty. */
function ranged(
  name: string,
  values: string[],
  range: string | undefined,
): Record<string, string | string[]> {
  const from = Number(range?.split('-')[0] ?? 0);
  if (range === undefined && values.length <= mostValues)
    return values.length === 0 ? {} : { [name]: values };
  if (from > 0 && from >= values.length) throw refusal(1, '00002121', name);
  const slice = values.slice(from, from + mostValues);
  if (slice.length === 0) return {};
  const end = from + slice.length;
  return { [`${name};range=${from}-${end === values.length ? '*' : end - 1}`]: slice };
}

function extended(entry: WindowsEntry): string {
  const sid = entry.sid === undefined ? '' : `<SID=${entry.sid}>;`;
  return `<GUID=${entry.guid}>;${sid}${dnOf(entry)}`;
}

function bare(values: readonly Value[]): Value | string[] | Buffer[] {
  return values.length === 1 && values[0] !== undefined ? values[0] : (values as string[]);
}

function valuesOf(entry: WindowsEntry, attribute: string): Value[] {
  switch (attribute.toLowerCase()) {
    case 'objectclass':
      return entry.objectClass;
    case 'objectcategory':
      return [
        isUser(entry) || entry.objectClass.includes('contact') ? 'person' : (entry.objectClass.at(-1) ?? ''),
      ];
    case 'objectguid':
      return [guidToBytes(entry.guid)];
    case 'objectsid':
      return entry.sid === undefined ? [] : [sidToBytes(entry.sid)];
    case 'cn':
      return entry.rdnType === 'CN' ? [entry.name] : [];
    case 'pwdlastset':
      return isUser(entry)
        ? [entry.passwordSet && !entry.values.has('pwdlastset') ? '134000000000000000' : '0']
        : [];
    case 'ntsecuritydescriptor':
      return [ownerDescriptor(entry)];
    case 'unicodepwd':
      return [];
    default:
      return entry.values.get(attribute.toLowerCase()) ?? [];
  }
}

/** A self-relative security descriptor that holds an owner and nothing else. */
function ownerDescriptor(entry: WindowsEntry): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt8(1, 0);
  head.writeUInt16LE(0x8000, 2);
  head.writeUInt32LE(20, 4);
  return Buffer.concat([head, sidToBytes(entry.owner)]);
}
