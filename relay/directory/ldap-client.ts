import type { Client } from 'ldapts';

/** What this adapter uses of an ldapts client; the strict fake of the tests is another. */
export type LdapClient = Pick<
  Client,
  'add' | 'modify' | 'modifyDN' | 'del' | 'search' | 'unbind' | 'isBound'
>;
