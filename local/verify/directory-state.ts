import { readFile } from 'node:fs/promises';
import { Client, type Entry as LdapEntry } from 'ldapts';
import { CannotVerify, type VerifyEndpoints } from './endpoints.ts';
import { type Forest, readForest } from './forest.ts';
import { sidText } from './sid-text.ts';

/** A user or group of the domain, or any entry below the destination, with everything AD tells of it. */
export type DirectoryEntry = {
  dn: string;
  guid: string;
  /** `undefined` for entries that are no security principals. */
  sid: string | undefined;
  classes: string[];
  /** Text values by LDAP name, lower case; attributes without values are not there. */
  values: Map<string, string[]>;
  members: string[];
};

/** AD as read over LDAP: all users and groups of the domain, and all entries below what is ours. */
export type DirectoryState = Forest & {
  destination: string;
  /** The OU of leavers, where there is one. */
  leavers?: string | undefined;
  entries: DirectoryEntry[];
};

const binary = ['objectGUID', 'objectSid', 'sIDHistory'];
const principals = '(|(objectClass=user)(objectClass=group))';

/** Reads AD anew as administrator: one bind, two paged searches. Throws CannotVerify where AD cannot be asked. */
export async function readDirectory(access: VerifyEndpoints['directory']): Promise<DirectoryState> {
  const client = new Client({
    url: access.url,
    timeout: 30_000,
    connectTimeout: 10_000,
    tlsOptions: { ca: [await readFile(access.caFile)] },
  });
  try {
    await client.bind(access.adminDn, access.adminPassword);
    const { baseDn, destination, leavers } = access;
    const ours = leavers === undefined ? [destination] : [destination, leavers];
    const everywhere = await search(client, baseDn, principals);
    const known = new Set(everywhere.map((entry) => entry.guid));
    const others: DirectoryEntry[] = [];
    for (const unit of ours)
      for (const entry of await search(client, unit, '(objectClass=*)'))
        if (!known.has(entry.guid) && !isSame(entry.dn, unit)) others.push(entry);
    const forest = await readForest(client, baseDn);
    return { destination, leavers, ...forest, entries: [...everywhere, ...others] };
  } catch (error) {
    if (error instanceof CannotVerify) throw error;
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new CannotVerify(`The directory ${access.url} cannot be read: ${reason}`);
  } finally {
    await client.unbind().catch(() => undefined);
  }
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

async function search(client: Client, base: string, filter: string): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  const pages = client.searchPaginated(base, {
    scope: 'sub',
    filter,
    attributes: ['*'],
    paged: { pageSize: 1_000 },
    timeLimit: 0,
    explicitBufferAttributes: binary,
  });
  for await (const page of pages)
    for (const raw of page.searchEntries) entries.push(await entryFrom(client, raw));
  return entries;
}

async function entryFrom(client: Client, raw: LdapEntry): Promise<DirectoryEntry> {
  const values = new Map<string, string[]>();
  for (const [name, value] of Object.entries(raw))
    if (name !== 'dn' && !name.includes(';')) values.set(name.toLowerCase(), textsOf(value));
  for (const [name, list] of values) if (list.length === 0) values.delete(name);
  const sid = bytesOf(raw['objectSid']);
  const ranged = Object.keys(raw).some((name) => /^member;range=/i.test(name));
  return {
    dn: raw.dn,
    guid: guidText(bytesOf(raw['objectGUID'])),
    sid: sid === undefined ? undefined : sidText(sid),
    classes: values.get('objectclass') ?? [],
    members: ranged ? await rangedMembers(client, raw.dn) : (values.get('member') ?? []),
    values,
  };
}

type Raw = LdapEntry[string] | undefined;

function textsOf(value: Raw): string[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.map((item) => (typeof item === 'string' ? item : item.toString('base64')));
}

function bytesOf(value: Raw): Buffer | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? undefined : Buffer.from(first);
}

/** More than 1,500 members come in ranges (MS-ADTS 3.1.1.3.1.3.3). */
async function rangedMembers(client: Client, dn: string): Promise<string[]> {
  const members: string[] = [];
  for (let from = 0; ; ) {
    const wanted = `member;range=${from}-*`;
    const found = await client.search(dn, { scope: 'base', attributes: [wanted], timeLimit: 0 });
    const [name, value] =
      Object.entries(found.searchEntries[0] ?? {}).find(([key]) => /^member;range=/i.test(key)) ?? [];
    if (name === undefined || value === undefined) return members;
    members.push(...textsOf(value));
    if (name.endsWith('-*')) return members;
    from = members.length;
  }
}

/** Microsoft's byte order: the first three fields are little-endian. */
function guidText(bytes: Buffer | undefined): string {
  if (bytes?.length !== 16) return '';
  const head = [bytes.readUInt32LE(0), bytes.readUInt16LE(4), bytes.readUInt16LE(6)];
  const [first = '', second = '', third = ''] = head.map((field, at) =>
    field.toString(16).padStart(at === 0 ? 8 : 4, '0'),
  );
  return [first, second, third, bytes.toString('hex', 8, 10), bytes.toString('hex', 10)].join('-');
}
