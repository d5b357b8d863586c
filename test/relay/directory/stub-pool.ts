import type { Filter } from 'ldapts';
import { ConnectionPool } from '../../../relay/directory/connection-pool.ts';
import type { LdapClient } from '../../../relay/directory/ldap-client.ts';

/** A pool whose server finds these entries for whatever it is asked; what each search asked is in `filters`. */
export function stubPool(found: readonly Record<string, string>[]) {
  const filters: Filter[] = [];
  const refuse = () => Promise.reject(new TypeError('not asked for'));
  const client: LdapClient = {
    isBound: true,
    ...{ add: refuse, modify: refuse, modifyDN: refuse, del: refuse, unbind: () => Promise.resolve() },
    search: (_base, options) => {
      if (typeof options?.filter === 'object') filters.push(options.filter);
      return Promise.resolve({ searchEntries: found.map(entryOf), searchReferences: [] });
    },
  };
  const pool = new ConnectionPool({ open: () => Promise.resolve(client), size: 1, timeoutMs: 1_000 });
  return { pool, filters };
}

const entryOf = (attributes: Record<string, string>, at: number) => ({
  dn: `CN=${at},OU=Cloud,DC=contoso,DC=example`,
  objectGUID: Buffer.alloc(16, at + 1),
  objectClass: ['user'],
  ...attributes,
});
