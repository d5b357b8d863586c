import { type Control, type Entry as FoundEntry, PagedResultsControl } from 'ldapts';
import { ConnectionPool } from '../../relay/directory/connection-pool.ts';
import { directoryOver } from '../../relay/directory/directory-over.ts';
import type { LdapClient } from '../../relay/directory/ldap-client.ts';
import { PageControl } from '../../relay/directory/paged-results.ts';
import type { Directory, Dn } from '../../relay/ports.ts';
import { lostConnection, refusal } from './windows/refusal.ts';
import { type Edit, WindowsDomain } from './windows/windows-domain.ts';
import { matching, render } from './windows/windows-search.ts';

/*
 * A directory in memory for tests: the relay's own adapter over an LDAP client whose server is a WindowsDomain. So the adapter's
 * handling of ranges, empty pages, anchors and result codes meets what Windows does and Samba does not.
 */

export type FakeDirectory = {
  directory: Directory;
  /** The world behind it, to arrange and to look at. */
  domain: WindowsDomain;
  faults: Faults;
};

/** What goes wrong next. */
export type Faults = {
  /** The next write is done, but its answer is lost with the connection. */
  loseNextAnswer: boolean;
  /** The next request finds the connection dropped by the server before anything was done. */
  dropNextConnection: boolean;
  /** The next request is answered 1, 000004DC: the server forgot the bind. */
  forgetNextBind: boolean;
  /** No new connection is accepted. */
  refuseConnections: boolean;
};

const serviceName = 'svc@wb.example';
const destination = 'OU=Cloud,DC=wb,DC=example' as Dn;

/** A new domain with an empty destination, and the directory of its service account. */
export function fakeDirectory(options: { hasExternalId?: boolean } = {}): FakeDirectory {
  const { hasExternalId = true } = options;
  const domain = new WindowsDomain({ destination, hasExternalId, serviceName });
  const faults: Faults = {
    loseNextAnswer: false,
    dropNextConnection: false,
    forgetNextBind: false,
    refuseConnections: false,
  };
  const open = async (): Promise<LdapClient> => {
    if (faults.refuseConnections) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    return fakeClient(domain, faults);
  };
  const pool = new ConnectionPool({ open, size: 4, timeoutMs: 4_000 });
  return { directory: directoryOver(pool, { destination, bindName: serviceName }), domain, faults };
}

function fakeClient(domain: WindowsDomain, faults: Faults): LdapClient {
  let bound = true;
  const take = (fault: keyof Faults): boolean => {
    const is = faults[fault];
    faults[fault] = false;
    return is;
  };
  const lose = (): never => {
    bound = false;
    throw lostConnection();
  };
  const request = async <T>(isWrite: boolean, act: () => T): Promise<T> => {
    // Answers come later, as over a network: whoever does not wait for them shows.
    await new Promise(setImmediate);
    if (take('dropNextConnection')) lose();
    if (take('forgetNextBind')) throw refusal(1, '000004DC');
    const result = act();
    return isWrite && take('loseNextAnswer') ? lose() : result;
  };
  return {
    get isBound() {
      return bound;
    },
    add: (dn, attributes) =>
      request(true, () => {
        if (!Array.isArray(attributes)) throw new TypeError('the fake takes a list of attributes');
        domain.add('service', String(dn), attributes);
      }),
    modify: (dn, changes, controls) =>
      request(true, () => {
        const edits = [changes].flat().map(
          ({ operation, modification }): Edit => ({
            operation,
            attribute: modification.type,
            values: [...modification.values],
          }),
        );
        domain.modify('service', String(dn), edits, { permissive: has(controls, '1.2.840.113556.1.4.1413') });
      }),
    modifyDN: (dn, newRdn) => request(true, () => domain.rename('service', String(dn), String(newRdn))),
    del: (dn) => request(true, () => domain.delete('service', String(dn))),
    search: (base, options = {}, controls = []) =>
      request(false, () => ({
        searchEntries: search(domain, String(base), { ...options, controls: [controls].flat() }),
        searchReferences: [],
      })),
    unbind: async () => {
      bound = false;
    },
  };
}

const has = (controls: Control | Control[] | undefined, type: string): boolean =>
  [controls ?? []].flat().some((control) => control.type === type);

type Search = Parameters<LdapClient['search']>[1] & { controls: Control[] };

function search(domain: WindowsDomain, base: string, options: Search): FoundEntry[] {
  const { filter, attributes = [], controls, scope = 'sub' } = options;
  if (base === '') {
    return [{ dn: '', defaultNamingContext: domain.base, schemaNamingContext: `CN=Schema,${domain.base}` }];
  }
  if (base.startsWith('CN=Schema,')) return domain.hasExternalId ? [{ dn: `CN=x,${base}` }] : [];
  if (filter === undefined || typeof filter === 'string')
    throw new TypeError('the fake takes filters as objects');
  if (controls.some((control) => control instanceof PagedResultsControl))
    throw new TypeError('not a page of ours');
  const found = matching(domain, { base, scope, filter });
  const page = pageOf(found, controls);
  const withOwner = has(controls, '1.2.840.113556.1.4.801');
  const extendedDn = has(controls, '1.2.840.113556.1.4.529');
  return page.map((entry) => render(domain, entry, { attributes, withOwner, extendedDn }));
}

/** Most entries that Windows gives without paging, or on one page. */
const maxPageSize = 1_000;

/** One page; after the first comes an empty one with a cookie, as Windows may send while it walks through the rest. */
function pageOf<T>(found: readonly T[], controls: readonly Control[]): readonly T[] {
  const control = controls.find((each) => each instanceof PageControl);
  if (control === undefined) {
    if (found.length > maxPageSize) throw refusal(4, '00002023');
    return found;
  }
  const [from = 0, isPause = 0] = (control.cookie?.toString() ?? '0').split(':').map(Number);
  const size = Math.min(control.size, maxPageSize);
  if (isPause === 1) {
    control.cookie = Buffer.from(`${from}:0`);
    return [];
  }
  control.cookie = from + size < found.length ? Buffer.from(`${from + size}:1`) : undefined;
  return found.slice(from, from + size);
}
