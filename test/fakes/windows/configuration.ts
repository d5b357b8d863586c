import type { Filter, Entry as FoundEntry } from 'ldapts';
import { EqualityFilter, OrFilter } from 'ldapts';
import type { WindowsDomain } from './windows-domain.ts';

/** The root entry: where everything is. */
export function rootOf({ base }: WindowsDomain): FoundEntry {
  return {
    dn: '',
    defaultNamingContext: base,
    schemaNamingContext: `CN=Schema,CN=Configuration,${base}`,
    configurationNamingContext: `CN=Configuration,${base}`,
  };
}

/** Attributes of the schema that a filter over their LDAP names finds. */
export function attributesIn(domain: WindowsDomain, base: string, filter: Filter): FoundEntry[] {
  const terms = filter instanceof OrFilter ? filter.filters : [filter];
  const wanted = terms.flatMap((term) =>
    term instanceof EqualityFilter && term.attribute === 'lDAPDisplayName' ? [String(term.value)] : [],
  );
  return domain.schema.names
    .filter((name) => wanted.includes(name))
    .map((name) => ({ dn: `CN=${name},${base}`, lDAPDisplayName: name }));
}

/** The partitions of the forest: its one domain, configuration and schema; and the other suffixes that it knows. */
export function partitionsOf(domain: WindowsDomain, base: string): FoundEntry[] {
  const { upnSuffixes } = domain.options;
  return [
    { dn: base, uPNSuffixes: [...upnSuffixes] },
    { dn: `CN=WB,${base}`, dnsRoot: domain.name, systemFlags: '3' },
    { dn: `CN=Enterprise Configuration,${base}`, dnsRoot: domain.name, systemFlags: '1' },
    { dn: `CN=Enterprise Schema,${base}`, dnsRoot: domain.name, systemFlags: '1' },
  ];
}
