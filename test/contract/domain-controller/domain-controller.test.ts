import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOnPremises } from '../../../local/domain-controller/create-on-premises.ts';
import { freeLoopbackAddress } from '../../../local/domain-controller/free-loopback-address.ts';
import { type DomainControllerFixture, startDomainController } from '../../fixtures/domain-controller.ts';

let fixture: DomainControllerFixture;
beforeAll(async () => {
  fixture = await startDomainController();
});
afterAll(() => fixture.stop());

describe('the local domain controller', () => {
  test('serves the destination, the on-premises OUs and the UPN suffixes', async () => {
    const { dc } = fixture;
    const suffixes = await searchAs(
      'admin',
      `CN=Partitions,CN=Configuration,${dc.baseDn}`,
      '(uPNSuffixes=*)',
    );
    expect([suffixes[0]?.['uPNSuffixes']].flat()).toEqual(dc.upnSuffixes);
    expect(dc.upnSuffixes).toEqual(['contoso.example']);
    const units = await searchAs('service', dc.baseDn, '(objectClass=organizationalUnit)', 'sub');
    expect(units.map((unit) => unit.dn)).toEqual(
      expect.arrayContaining([dc.destination, dc.leavers, dc.onPremisesOu, dc.onPremisesGroupsOu]),
    );
  });

  test('has the attribute of the 2016 schema on users and groups', async () => {
    const found = await searchAs(
      'service',
      `CN=Schema,CN=Configuration,${fixture.dc.baseDn}`,
      '(lDAPDisplayName=msDS-ExternalDirectoryObjectId)',
      'sub',
    );
    expect(found[0]?.['searchFlags']).toBe('9');
  });

  test("has Exchange's extension attributes, on users and groups", async () => {
    const schema = `CN=Schema,CN=Configuration,${fixture.dc.baseDn}`;
    const found = await searchAs('service', schema, '(lDAPDisplayName=extensionAttribute*)', 'sub');
    expect(found).toHaveLength(15);
    const oids = found.map((each) => [String(each['lDAPDisplayName']), String(each['attributeID'])]);
    expect(Object.fromEntries(oids)).toMatchObject({
      extensionAttribute1: '1.2.840.113556.1.2.423',
      extensionAttribute10: '1.2.840.113556.1.2.432',
      extensionAttribute11: '1.2.840.113556.1.2.599',
      extensionAttribute15: '1.2.840.113556.1.2.603',
    });
    const [carrier] = await searchAs('service', schema, '(lDAPDisplayName=mailRecipient)', 'sub');
    expect(carrier?.['mayContain']).toEqual(expect.arrayContaining(oids.map(([name]) => name)));
  });

  test('creates people in bulk, with memberships, while it runs', async () => {
    const users = Array.from({ length: 300 }, (_, index) => ({
      sAMAccountName: `user${index}`,
      userPrincipalName: `user${index}@contoso.example`,
      displayName: `User ${index}`,
    }));
    const groups = [
      { sAMAccountName: 'readers', displayName: 'Readers', members: ['user1', 'user2', 'writers'] },
      { sAMAccountName: 'writers', displayName: 'Writers', members: ['user3'] },
    ];
    const { sids } = await createOnPremises(fixture.dc, { users, groups });
    expect(Object.keys(sids)).toHaveLength(302);
    const readers = await searchAs('service', fixture.dc.baseDn, '(sAMAccountName=readers)', 'sub');
    expect(readers[0]?.['member']).toHaveLength(3);
    expect(sids['user7']).toMatch(/^S-1-5-21-(\d+-){3}\d{4}$/);
  });

  test('survives kill -9 of its main process', async () => {
    const before = await searchAs('service', fixture.dc.destination, '(objectClass=*)');
    await fixture.restart();
    expect(await searchAs('service', fixture.dc.destination, '(objectClass=*)')).toEqual(before);
  });

  test('chooses addresses that differ', async () => {
    const [one, other] = await Promise.all([freeLoopbackAddress(), freeLoopbackAddress()]);
    expect(one).not.toBe(other);
    expect([one, other]).not.toContain(fixture.dc.address);
  });

  test('leaves no process, port or file behind', async () => {
    const another = await startDomainController();
    await another.stop();
    await expect(stat(another.dc.folder)).rejects.toMatchObject({ code: 'ENOENT' });
    await refused(another.dc.address);
    const sockets = () => readFile('/proc/net/tcp', 'utf8');
    await expect.poll(sockets, { timeout: 5_000 }).not.toMatch(listeningOn(another.dc.address));
  });
});

async function searchAs(
  who: 'admin' | 'service',
  base: string,
  filter: string,
  scope: 'base' | 'sub' = 'base',
) {
  const { dc, caPem } = fixture;
  const client = new Client({ url: dc.url, tlsOptions: { ca: caPem } });
  const [name, password] =
    who === 'admin' ? [dc.adminDn, dc.adminPassword] : [dc.serviceName, dc.servicePassword];
  await client.bind(name, password);
  const { searchEntries } = await client.search(base, { scope, filter, timeLimit: 0 });
  await client.unbind();
  return searchEntries;
}

/** A killed process group ends in its own time, some milliseconds: a last child can still accept, and then reset. */
async function refused(address: string): Promise<void> {
  await expect.poll(() => answerOf(address), { timeout: 5_000, interval: 20 }).toBe('ECONNREFUSED');
}

function answerOf(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(636, address);
    socket.on('connect', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

function listeningOn(address: string): RegExp {
  const hex = Buffer.from(address.split('.').map(Number).reverse()).toString('hex').toUpperCase();
  return new RegExp(`${hex}:(0185|027C|0CC4|0CC5) 00000000:0000 0A`);
}
