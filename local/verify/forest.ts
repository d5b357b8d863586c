import type { Client, Entry } from 'ldapts';

/** What is the same for every entry of a domain. */
export type Forest = {
  /** DNS name of the domain, lower case. */
  domain: string;
  /** What a userPrincipalName may end with: the domain, and what the forest lists besides; lower case. */
  upnSuffixes: ReadonlySet<string>;
  /** Which of the attributes that not every schema has are in this one; lower case. */
  schemaHas: ReadonlySet<string>;
};

/** Reads it from the configuration and the schema of the forest. */
export async function readForest(client: Client, baseDn: string): Promise<Forest> {
  const domain = domainOf(baseDn);
  const configuration = `CN=Configuration,${baseDn}`;
  const partitions = await client.search(`CN=Partitions,${configuration}`, {
    scope: 'base',
    attributes: ['uPNSuffixes'],
  });
  const schema = await client.search(`CN=Schema,${configuration}`, {
    scope: 'one',
    filter:
      '(&(objectClass=attributeSchema)(|(lDAPDisplayName=extensionAttribute*)(lDAPDisplayName=msDS-ExternalDirectoryObjectId)))',
    attributes: ['lDAPDisplayName'],
  });
  const suffixes = partitions.searchEntries.flatMap((entry) => texts(entry, 'uPNSuffixes'));
  const names = schema.searchEntries.flatMap((entry) => texts(entry, 'lDAPDisplayName'));
  return { domain, upnSuffixes: lowerCase([domain, ...suffixes]), schemaHas: lowerCase(names) };
}

/** `DC=wb,DC=example` → `wb.example`. */
const domainOf = (baseDn: string): string =>
  baseDn
    .toLowerCase()
    .split(',')
    .map((part) => part.trim().replace(/^dc=/, ''))
    .join('.');

const lowerCase = (list: readonly string[]) => new Set(list.map((item) => item.toLowerCase()));

function texts(entry: Entry, name: string): string[] {
  const value = entry[name];
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.map(String);
}
