import { readFile } from 'node:fs/promises';
import { Attribute, Change, Client, type Entry } from 'ldapts';
import { childDn, formatDn, guidDn, parseDn } from '../../../relay/directory/codec/dn.ts';
import { guidFromBytes } from '../../../relay/directory/codec/guid-codec.ts';
import { sidFromBytes } from '../../../relay/directory/codec/sid-codec.ts';
import { connectDirectory } from '../../../relay/directory/connect-directory.ts';
import type { DirectorySettings } from '../../../relay/directory/directory-settings.ts';
import type { Directory, Dn, Guid } from '../../../relay/ports.ts';
import type { DurationMs } from '../../../shared/domain/time.ts';
import { startDomainController } from '../../fixtures/domain-controller.ts';
import type { Backstage, Made, Subject } from './subject.ts';

/** A domain to run against: the service account's settings, and an administrator for what happens backstage. */
export type DomainAccess = {
  settings: DirectorySettings;
  admin: { name: string; password: string };
  /** False for a domain that is thrown away in the end anyway. */
  keeps: boolean;
  stop(): Promise<void>;
};

/**
 * The domain named by CONTRACT_DIRECTORY_URL, _CA_FILE, _BIND_NAME, _PASSWORD, _DESTINATION, _LEAVERS (an OU beside it) and, for what others do in it, _ADMIN_NAME and
 * _ADMIN_PASSWORD (who may create and delete users and contacts in both OUs and in the parent of the destination). Without them a Samba of our own.
 */
export async function openDomain(): Promise<DomainAccess> {
  const url = process.env['CONTRACT_DIRECTORY_URL'];
  return url === undefined ? openSamba() : openConfigured(url);
}

async function openSamba(): Promise<DomainAccess> {
  const { dc, caPem, stop } = await startDomainController();
  return {
    settings: {
      url: dc.url,
      ca: caPem,
      bindName: dc.serviceName,
      password: dc.servicePassword,
      destination: dc.destination,
      leavers: dc.leavers,
      timeoutMs: 20_000 as DurationMs,
      connections: 4,
    },
    admin: { name: dc.adminDn, password: dc.adminPassword },
    keeps: false,
    stop,
  };
}

async function openConfigured(url: string): Promise<DomainAccess> {
  const caFile = process.env['CONTRACT_DIRECTORY_CA_FILE'];
  return {
    settings: {
      url,
      ...(caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') }),
      bindName: required('BIND_NAME'),
      password: required('PASSWORD'),
      destination: required('DESTINATION'),
      leavers: required('LEAVERS'),
      timeoutMs: 20_000 as DurationMs,
      connections: 4,
    },
    admin: { name: required('ADMIN_NAME'), password: required('ADMIN_PASSWORD') },
    keeps: true,
    stop: async () => undefined,
  };
}

function required(name: string): string {
  const value = process.env[`CONTRACT_DIRECTORY_${name}`];
  if (value === undefined) throw new Error(`CONTRACT_DIRECTORY_${name} is missing`);
  return value;
}

/** A bound connection of the administrator or of another account. */
export async function bindAs(
  { settings }: DomainAccess,
  account: { name: string; password: string },
): Promise<Client> {
  const { url, ca } = settings;
  const client = new Client({ url, ...(ca === undefined ? {} : { tlsOptions: { ca } }) });
  await client.bind(account.name, account.password);
  return client;
}

/** The contract on a real domain. What was made in it is deleted in the end. */
export async function openDomainSubject(): Promise<Subject> {
  const access = await openDomain();
  const directory = connectDirectory(access.settings);
  const admin = await bindAs(access, access.admin);
  const made: Guid[] = [];
  return {
    directory,
    recycleBin: process.env['CONTRACT_DIRECTORY_RECYCLE_BIN'] === '1',
    upnSuffix: process.env['CONTRACT_DIRECTORY_UPN_SUFFIX'] ?? 'contoso.example',
    backstage: backstageOf(admin, access.settings.destination as Dn, made),
    close: async () => {
      if (access.keeps) await removeAll(directory, admin, made);
      await directory.close();
      await admin.unbind();
      await access.stop();
    },
  };
}

async function removeAll(directory: Directory, admin: Client, made: readonly Guid[]): Promise<void> {
  for await (const page of directory.entries()) for (const { guid } of page) await directory.remove(guid);
  for (const guid of made) await admin.del(guidDn(guid)).catch(() => undefined);
}

function backstageOf(admin: Client, destination: Dn, made: Guid[]): Backstage {
  const outside = formatDn((parseDn(destination) ?? []).slice(1));
  const create = async (dn: Dn, attributes: Record<string, string>): Promise<Entry> => {
    await admin.add(dn, attributes);
    const entry = await readOne(admin, dn, ['objectGUID', 'objectSid']);
    made.push(guidOf(entry));
    return entry;
  };
  const person = (name: string) =>
    create(childDn(name, outside), { objectClass: 'user', sAMAccountName: name, userAccountControl: '514' });
  return {
    person: async (name) => madeFrom(await person(name)),
    crowd: async (prefix, count) => {
      const guids: Guid[] = [];
      for (let index = 0; index < count; index++) guids.push(guidOf(await person(`${prefix}${index}`)));
      return guids;
    },
    stranger: async (cn, attributes) =>
      madeFrom(await create(childDn(cn, destination), { objectClass: 'user', ...attributes })),
    contact: async (cn) => guidOf(await create(childDn(cn, destination), { objectClass: 'contact' })),
    set: (guid, attribute, values) => {
      const modification = new Attribute({ type: attribute, values });
      return admin.modify(guidDn(guid), new Change({ operation: 'replace', modification }));
    },
    rename: async (guid, cn) => admin.modifyDN((await readOne(admin, guidDn(guid), ['cn'])).dn, `CN=${cn}`),
    moveOut: async (guid) => {
      const { dn } = await readOne(admin, guidDn(guid), ['cn']);
      const [rdn] = parseDn(dn) ?? [];
      made.push(guid);
      await admin.modifyDN(dn, childDn(rdn?.value ?? '', outside));
    },
    valuesOf: async (guid, attribute) => {
      const value = (await readOne(admin, guidDn(guid), [attribute]))[attribute] ?? [];
      return (Array.isArray(value) ? value : [value]).map(String);
    },
  };
}

async function readOne(client: Client, base: string, attributes: string[]): Promise<Entry> {
  const { searchEntries } = await client.search(base, {
    scope: 'base',
    attributes,
    explicitBufferAttributes: ['objectGUID', 'objectSid'],
    timeLimit: 0,
  });
  const [entry] = searchEntries;
  if (entry === undefined) throw new Error('no such entry');
  return entry;
}

function guidOf(entry: Entry): Guid {
  const guid = guidFromBytes(entry['objectGUID'] as Buffer);
  if (guid === undefined) throw new Error('no GUID');
  return guid;
}

function madeFrom(entry: Entry): Made {
  const sid = sidFromBytes(entry['objectSid'] as Buffer);
  if (sid === undefined) throw new Error('no SID');
  return { guid: guidOf(entry), sid };
}
