import { type Control, type Filter, type Entry as FoundEntry, PagedResultsControl } from 'ldapts';
import { ConnectionPool, type ObserveRequest } from '../../relay/directory/connection-pool.ts';
import { directoryOver } from '../../relay/directory/directory-over.ts';
import type { LdapClient } from '../../relay/directory/ldap-client.ts';
import { PageControl } from '../../relay/directory/paged-results.ts';
import type { Directory, Dn } from '../../relay/ports.ts';
import { attributesIn, partitionsOf, rootOf } from './windows/configuration.ts';
import type { Edit } from './windows/edit-entry.ts';
import { binOf } from './windows/recycle-bin.ts';
import { lostConnection, noSuchObject, refusal } from './windows/refusal.ts';
import { WindowsDomain } from './windows/windows-domain.ts';
import type { WindowsEntry } from './windows/windows-entry.ts';
import { matching, matchingDeleted, render } from './windows/windows-search.ts';

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
const leaversBeside = 'OU=Leavers,DC=wb,DC=example' as Dn;

/** What the domain has; by default everything. */
export type FakeOptions = {
  /** msDS-ExternalDirectoryObjectId, of the 2016 schema. */
  hasExternalId?: boolean;
  /** extensionAttribute1 to 15 and the rest of Exchange's schema. */
  hasExchange?: boolean;
  /** Where the leavers' OU is; false for none. Default: beside the destination. */
  leavers?: Dn | false;
  /** Without the recycle bin, tombstones. */
  hasRecycleBin?: boolean;
  /** Whether the service account sees deleted entries and may bring them back. */
  mayRestore?: boolean;
  /** Besides the domain's own; default contoso.example. */
  upnSuffixes?: readonly string[];
  /** Told of every request. */
  observe?: ObserveRequest;
};

/** A new domain with empty places, and the directory of its service account. */
export function fakeDirectory(options: FakeOptions = {}): FakeDirectory {
  const { leavers: chosen = leaversBeside, observe, ...chosenToo } = options;
  const leavers = chosen === false ? undefined : chosen;
  const domain = new WindowsDomain({ ...everything, ...chosenToo, destination, leavers, serviceName });
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
  const watched = observe === undefined ? {} : { observe };
  const pool = new ConnectionPool({ open, size: 4, timeoutMs: 4_000, ...watched });
  const site = { destination, bindName: serviceName, ...(leavers === undefined ? {} : { leavers }) };
  return { directory: directoryOver(pool, site), domain, faults };
}

const everything = {
  hasExternalId: true,
  hasExchange: true,
  hasRecycleBin: true,
  mayRestore: true,
  upnSuffixes: ['contoso.example'],
};

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
        const permissive = has(controls, '1.2.840.113556.1.4.1413');
        domain.modify('service', String(dn), edits, { permissive, showDeleted: has(controls, showDeleted) });
      }),
    modifyDN: (dn, newDn) =>
      request(true, () => {
        // As ldapts splits it: at the first comma that no backslash precedes.
        const comma = String(newDn).search(/[^\\],/);
        if (comma < 0) return domain.rename('service', String(dn), String(newDn));
        const [rdn, parent] = [String(newDn).slice(0, comma + 1), String(newDn).slice(comma + 2)];
        domain.rename('service', String(dn), rdn, parent);
      }),
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

const showDeleted = '1.2.840.113556.1.4.417';

const has = (controls: Control | Control[] | undefined, type: string): boolean =>
  [controls ?? []].flat().some((control) => control.type === type);

type Search = Parameters<LdapClient['search']>[1] & { controls: Control[] };

function search(domain: WindowsDomain, base: string, options: Search): FoundEntry[] {
  const { filter, attributes = [], controls, scope = 'sub' } = options;
  if (base === '') return [rootOf(domain)];
  if (filter === undefined || typeof filter === 'string')
    throw new TypeError('the fake takes filters as objects');
  if (base.startsWith('CN=Schema,')) return attributesIn(domain, base, filter);
  if (base.startsWith('CN=Partitions,')) return partitionsOf(domain, base);
  if (controls.some((control) => control instanceof PagedResultsControl))
    throw new TypeError('not a page of ours');
  const found =
    base === binOf(domain.base)
      ? deletedIn(domain, filter, has(controls, showDeleted))
      : matching(domain, { base, scope, filter });
  const page = pageOf(found, controls);
  const withOwner = has(controls, '1.2.840.113556.1.4.801');
  const extendedDn = has(controls, '1.2.840.113556.1.4.529');
  return page.map((entry) => render(domain, entry, { attributes, withOwner, extendedDn }));
}

/** Nothing is there for who may not list it, and for who does not say that deleted entries are meant. */
function deletedIn(domain: WindowsDomain, filter: Filter, isMeant: boolean): WindowsEntry[] {
  if (!isMeant || !domain.options.mayRestore) throw noSuchObject();
  return matchingDeleted(domain, filter);
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
