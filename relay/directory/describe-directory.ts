import { WritebackError } from '../../shared/errors.ts';
import type { DirectoryDescription, Dn } from '../ports.ts';
import { domainOf } from './codec/dn.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { type Domain, findAccount } from './find-principals.ts';
import { equals, searchAll, searchOne } from './search-directory.ts';

export type Described = DirectoryDescription & { base: string };

const externalId = 'msDS-ExternalDirectoryObjectId';

/** Reads what must be known of the domain before anything else can be done. */
export async function describeDirectory(
  pool: ConnectionPool,
  place: { destination: string; bindName: string },
): Promise<Described> {
  const root = await readRoot(pool);
  const domain: Domain = { base: root.base, name: domainOf(root.base) };
  const destination = await searchOne(pool, {
    base: place.destination,
    attributes: ['objectClass'],
  }).catch(badName);
  if (destination === undefined) throw new WritebackError('destination-missing');
  const account = await findAccount(pool, domain, place.bindName);
  if (account === undefined) {
    throw new WritebackError('credentials-refused', {
      detail: 'the service account has no entry in this domain',
    });
  }
  return {
    account: account.sid,
    hasExternalId: await schemaHas(pool, root.schema, externalId),
    domain: domain.name,
    destination: destination.dn as Dn,
    base: root.base,
  };
}

/** A destination that is no DN is as good as missing. */
function badName(error: unknown): undefined {
  if (error instanceof WritebackError && error.code === 'value-refused') return undefined;
  throw error;
}

async function readRoot(pool: ConnectionPool): Promise<{ base: string; schema: string }> {
  const root = await searchOne(pool, {
    base: '',
    attributes: ['defaultNamingContext', 'schemaNamingContext'],
  });
  const base = root?.text('defaultNamingContext');
  const schema = root?.text('schemaNamingContext');
  if (base === undefined || schema === undefined) {
    throw new WritebackError('directory-refused', { detail: 'the server is no domain controller' });
  }
  return { base, schema };
}

async function schemaHas(pool: ConnectionPool, schema: string, attribute: string): Promise<boolean> {
  const found = await searchAll(pool, {
    base: schema,
    scope: 'one',
    filter: equals('lDAPDisplayName', attribute),
    attributes: ['lDAPDisplayName'],
  });
  return found.length > 0;
}
