import { WritebackError } from '../../shared/errors.ts';
import type { DirectoryDescription, Dn } from '../ports.ts';
import { domainOf, sameDn } from './codec/dn.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { findAccount } from './find-principals.ts';
import { anyOf, equals, searchAll, searchOne } from './search-directory.ts';
import type { Domain } from './search-domain.ts';

export type Described = DirectoryDescription & { base: string };

/** Where the directory is written to, and as whom. */
export type Site = { destination: string; leavers?: string; bindName: string };

const externalId = 'msDS-ExternalDirectoryObjectId';

/** What not every schema has: the extension attributes come with Exchange. */
const optional = Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`);

/** Reads what must be known of the domain before anything else can be done. */
export async function describeDirectory(pool: ConnectionPool, site: Site): Promise<Described> {
  const root = await readRoot(pool);
  const domain: Domain = { base: root.base, name: domainOf(root.base) };
  const destination = await findUnit(pool, site.destination, 'destination');
  const leavers = site.leavers === undefined ? undefined : await findUnit(pool, site.leavers, "leavers' OU");
  if (leavers !== undefined && sameDn(leavers, destination))
    throw new WritebackError('destination-missing', { detail: "it is the leavers' OU, too" });
  const account = await findAccount(pool, domain, site.bindName);
  if (account === undefined) {
    throw new WritebackError('credentials-refused', {
      detail: 'the service account has no entry in this domain',
    });
  }
  const known = await knownAttributes(pool, root.schema, [externalId, ...optional]);
  return {
    account: account.sid,
    hasExternalId: known.has(externalId),
    domain: domain.name,
    destination,
    leavers,
    upnSuffixes: await readSuffixes(pool, root.configuration),
    optionalAttributes: new Set(optional.filter((name) => known.has(name))),
    base: root.base,
  };
}

async function findUnit(pool: ConnectionPool, dn: string, what: string): Promise<Dn> {
  const found = await searchOne(pool, { base: dn, attributes: ['objectClass'] }).catch(badName);
  if (found === undefined) throw new WritebackError('destination-missing', { detail: what });
  return found.dn as Dn;
}

/** A place that is no DN is as good as missing. */
function badName(error: unknown): undefined {
  if (error instanceof WritebackError && error.code === 'value-refused') return undefined;
  throw error;
}

type Root = { base: string; schema: string; configuration: string };

async function readRoot(pool: ConnectionPool): Promise<Root> {
  const root = await searchOne(pool, {
    base: '',
    attributes: ['defaultNamingContext', 'schemaNamingContext', 'configurationNamingContext'],
  });
  const base = root?.text('defaultNamingContext');
  const schema = root?.text('schemaNamingContext');
  const configuration = root?.text('configurationNamingContext');
  if (base === undefined || schema === undefined || configuration === undefined) {
    throw new WritebackError('directory-refused', { detail: 'the server is no domain controller' });
  }
  return { base, schema, configuration };
}

/** Which of the attributes the schema has. */
async function knownAttributes(
  pool: ConnectionPool,
  schema: string,
  names: readonly string[],
): Promise<Set<string>> {
  const found = await searchAll(pool, {
    base: schema,
    scope: 'one',
    filter: anyOf(names.map((name) => equals('lDAPDisplayName', name))),
    attributes: ['lDAPDisplayName'],
  });
  return new Set(found.flatMap((attribute) => attribute.texts('lDAPDisplayName')));
}

/** FLAG_CR_NTDS_DOMAIN of a crossRef's systemFlags (MS-ADTS 6.1.1.2.1.1): it stands for a domain of the forest. */
const domainFlag = 2;

/** Suffixes of the forest, lower case: its domains (crossRef entries), and what CN=Partitions itself lists. */
async function readSuffixes(pool: ConnectionPool, configuration: string): Promise<ReadonlySet<string>> {
  const found = await searchAll(pool, {
    base: `CN=Partitions,${configuration}`,
    scope: 'sub',
    attributes: ['dnsRoot', 'systemFlags', 'uPNSuffixes'],
  });
  const suffixes = found.flatMap((entry) => {
    const isDomain = ((entry.integer('systemFlags') ?? 0) & domainFlag) !== 0;
    return [...entry.texts('uPNSuffixes'), ...(isDomain ? entry.texts('dnsRoot') : [])];
  });
  return new Set(suffixes.map((suffix) => suffix.toLowerCase()));
}
