import type { DurationMs } from '../../shared/domain/time.ts';

/** How to reach the directory and what part of it is ours. */
export type DirectorySettings = {
  /** `ldaps://<name of the domain controller>[:port]`. Nothing but LDAPS is accepted. */
  url: string;
  /** PEM of the authority that issued the server's certificate; the authorities of Node where absent. */
  ca?: string;
  /** Name to find in the certificate where the URL holds another (an address). */
  serverName?: string;
  /** userPrincipalName or DN of the service account. */
  bindName: string;
  password: string;
  /** DN of the OU that is written to. */
  destination: string;
  /** DN of the OU that leavers are moved to, where the policy wants one. It may lie inside the destination. */
  leavers?: string;
  /**
   * From the call of a port method, the last LDAP request of a single write is answered or given up within this time; half of it
   * belongs to the request itself. Reads and member edits of several requests take it per request; a
   * lookup that is gathered may wait for the search before it, too (gather.ts).
   */
  timeoutMs: DurationMs;
  /** Most connections at a time; each carries one request at a time. */
  connections: number;
};
