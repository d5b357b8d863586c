import { Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAuthority } from '../../../local/stack/certificates.ts';
import { connectDirectory } from '../../../relay/directory/connect-directory.ts';
import type { DirectorySettings } from '../../../relay/directory/directory-settings.ts';
import type { Directory, Guid } from '../../../relay/ports.ts';
import type { DurationMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';
import { type DomainControllerFixture, startDomainController } from '../../fixtures/domain-controller.ts';
import { newUser } from './builders.ts';

let fixture: DomainControllerFixture;
const opened: Directory[] = [];
beforeAll(async () => {
  fixture = await startDomainController();
});
afterAll(async () => {
  for (const directory of opened) await directory.close();
  await fixture.stop();
});

/** What an operator gets wrong, and what a domain controller does that goes away and comes back. */
describe('the connection to the domain controller', () => {
  test('directory-untrusted: its certificate is of another authority', async () => {
    const { certificatePem } = await makeAuthority();
    await expect(open({ ca: certificatePem }).describe()).rejects.toMatchObject({
      code: 'directory-untrusted',
    });
  });

  test('directory-untrusted: its certificate is for another name', async () => {
    const directory = open({ serverName: 'other.example' });
    await expect(directory.describe()).rejects.toMatchObject({ code: 'directory-untrusted' });
  });

  test('trusts the name that it is told to look for', async () => {
    await expect(open({ serverName: 'dc.wb.example' }).describe()).resolves.toMatchObject({
      domain: 'wb.example',
    });
  });

  test('credentials-refused: the password is wrong; it is tried once, not until the account is locked', async () => {
    const directory = open({ password: 'Wrong-1234' });
    for (let attempt = 0; attempt < 20; attempt++) {
      await expect(directory.describe()).rejects.toMatchObject({ code: 'credentials-refused' });
    }
    await expect(open({}).describe()).resolves.toMatchObject({ hasExternalId: true });
  });

  test('credentials-refused: an empty password is not even sent', async () => {
    await expect(open({ password: '' }).describe()).rejects.toMatchObject({ code: 'credentials-refused' });
  });

  test('directory-untrusted: clear text is not spoken', async () => {
    const url = fixture.dc.url.replace('ldaps:', 'ldap:').replace(':636', ':389');
    await expect(open({ url }).describe()).rejects.toMatchObject({ code: 'directory-untrusted' });
  });

  test.each(['OU=Missing,DC=wb,DC=example', 'not a name'])('destination-missing: %s', async (destination) => {
    await expect(open({ destination }).describe()).rejects.toMatchObject({ code: 'destination-missing' });
  });

  test("destination-missing: the leavers' OU does not exist", async () => {
    const directory = open({ leavers: 'OU=Missing,DC=wb,DC=example' });
    await expect(directory.describe()).rejects.toMatchObject({ code: 'destination-missing' });
  });

  test("[windows.16] leavers-missing: the leavers' OU went away meanwhile; the entry stays where it was", async () => {
    const { dc } = fixture;
    const directory = open({ leavers: dc.leavers });
    const { guid } = await directory.add(newUser());
    const admin = new Client({ url: dc.url, tlsOptions: { ca: fixture.caPem } });
    await admin.bind(dc.adminDn, dc.adminPassword);
    const gone = 'OU=Gone';
    await admin.modifyDN(dc.leavers, gone);
    const moving = directory.move(guid, { cn: 'x', place: 'leavers' });
    await expect(moving).rejects.toMatchObject({ code: 'leavers-missing' });
    expect((await directory.read(guid, []))?.place).toBe('destination');
    await admin.modifyDN(`${gone},${dc.baseDn}`, 'OU=Leavers');
    await admin.unbind();
    await directory.move(guid, { cn: 'x', place: 'leavers' });
    expect((await directory.read(guid, []))?.place).toBe('leavers');
  });

  test('takes the account by DN and by down-level name, too', async () => {
    const expected = await open({}).describe();
    expect(await open({ bindName: fixture.dc.serviceDn }).describe()).toEqual(expected);
    expect(await open({ bindName: 'WB\\svc-writeback' }).describe()).toEqual(expected);
  });

  test('directory-unavailable while it is away; works again when it is back', async () => {
    const directory = open({});
    const { guid } = await directory.add(newUser());
    await fixture.kill();
    await expect(directory.read(guid, [])).rejects.toMatchObject({ code: 'directory-unavailable' });
    await expect(directory.replace(guid, { title: ['x'] })).rejects.toMatchObject({
      code: 'directory-unavailable',
    });
    await expect(directory.ping()).rejects.toMatchObject({ code: 'directory-unavailable' });
    await fixture.restart();
    expect((await directory.read(guid, []))?.guid).toBe(guid);
    await directory.replace(guid, { title: ['Boss'] });
  });

  test('every call settles when the server is killed under load, and later calls work', async () => {
    const directory = open({});
    const { guid } = await directory.add(newUser());
    const calls = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? directory.read(guid, []) : directory.replace(guid, { title: [`${index}`] }),
    );
    const settled = Promise.allSettled(calls);
    await fixture.restart();
    const failures = (await settled).flatMap((each) =>
      each.status === 'rejected' ? [codeOf(each.reason)] : [],
    );
    expect([...new Set(failures)].filter((code) => code !== 'directory-unavailable')).toEqual([]);
    await directory.replace(guid, { title: ['after'] });
    expect((await directory.read(guid, ['title']))?.attributes).toEqual({ title: 'after' });
  });

  test('a closed directory refuses every call', async () => {
    const directory = open({});
    await directory.describe();
    await directory.close();
    const call = directory.read('00000000-0000-0000-0000-000000000000' as Guid, []);
    await expect(call).rejects.toMatchObject({ code: 'directory-unavailable' });
  });
});

function open(overrides: Partial<DirectorySettings>): Directory {
  const { dc, caPem } = fixture;
  const directory = connectDirectory({
    url: dc.url,
    ca: caPem,
    bindName: dc.serviceName,
    password: dc.servicePassword,
    destination: dc.destination,
    timeoutMs: 8_000 as DurationMs,
    connections: 4,
    ...overrides,
  });
  opened.push(directory);
  return directory;
}

const codeOf = (reason: unknown): string => (reason instanceof WritebackError ? reason.code : String(reason));
