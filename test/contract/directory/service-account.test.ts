import { Attribute, Change, type Client, Control } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childDn, formatDn, parseDn } from '../../../relay/directory/codec/dn.ts';
import type { Dn } from '../../../relay/ports.ts';
import { accountName, newGroup, newUser } from './builders.ts';
import { bindAs, type DomainAccess, openDomain } from './domain-subject.ts';

const insufficientAccess = { code: 50 };

let access: DomainAccess;
let service: Client;
let destination: Dn;
let leavers: Dn;
let outside: Dn;
const people: Dn[] = [];

beforeAll(async () => {
  access = await openDomain();
  service = await bindAs(access, { name: access.settings.bindName, password: access.settings.password });
  destination = access.settings.destination as Dn;
  leavers = access.settings.leavers as Dn;
  outside = formatDn((parseDn(destination) ?? []).slice(1));
});
afterAll(async () => {
  const admin = await bindAs(access, access.admin);
  for (const dn of people) await admin.del(dn);
  await admin.unbind();
  await service.unbind();
  await access.stop();
});

/** Even a taken-over relay can do no more than write users and groups in the destination: the domain controller refuses the rest. */
describe('the service account, in plain LDAP', () => {
  test('may create, change, rename and delete users and groups in the destination', async () => {
    for (const { kind, cn, attributes } of [newUser(), newGroup()]) {
      const dn = childDn(cn, destination);
      await service.add(dn, { objectClass: kind, ...attributes });
      const renamed = childDn(accountName(), destination);
      await service.modifyDN(dn, renamed.slice(0, renamed.indexOf(',')));
      await service.del(renamed);
    }
  });

  test.each(['organizationalUnit', 'contact', 'computer', 'container'])(
    'may not create a %s',
    async (objectClass) => {
      const rdn = objectClass === 'organizationalUnit' ? 'OU' : 'CN';
      const dn = `${rdn}=${accountName()},${destination}`;
      await expect(service.add(dn, { objectClass })).rejects.toMatchObject(insufficientAccess);
    },
  );

  test('may not create a user outside the destination', async () => {
    const { cn, attributes } = newUser();
    const adding = service.add(childDn(cn, outside), { objectClass: 'user', ...attributes });
    await expect(adding).rejects.toMatchObject(insufficientAccess);
  });

  test('may not write to an entry outside the destination', async () => {
    const other = await personOutside();
    await expect(replace(other, 'description', 'x')).rejects.toMatchObject(insufficientAccess);
    await expect(service.del(other)).rejects.toMatchObject(insufficientAccess);
  });

  test('may not change the destination itself', async () => {
    await expect(replace(destination, 'description', 'x')).rejects.toMatchObject(insufficientAccess);
    await expect(service.modifyDN(destination, 'OU=Elsewhere')).rejects.toMatchObject(insufficientAccess);
    await expect(service.del(destination)).rejects.toThrow();
  });

  test('may not move an entry out of the destination, nor one into it', async () => {
    const { cn, attributes } = newUser();
    const dn = childDn(cn, destination);
    await service.add(dn, { objectClass: 'user', ...attributes });
    await expect(service.modifyDN(dn, childDn(cn, outside))).rejects.toMatchObject(insufficientAccess);
    const other = await personOutside();
    const name = accountName();
    await expect(service.modifyDN(other, childDn(name, destination))).rejects.toMatchObject(
      insufficientAccess,
    );
    await service.del(dn);
  });

  test("may move an entry to the leavers' OU and back", async () => {
    const { cn, attributes } = newUser();
    const here = childDn(cn, destination);
    const there = childDn(cn, leavers);
    await service.add(here, { objectClass: 'user', ...attributes });
    await service.modifyDN(here, there);
    await replace(there, 'description', 'left');
    await service.modifyDN(there, here);
    await service.del(here);
  });

  test('may bring back what was deleted in its places, and nowhere else', async () => {
    const { cn, attributes } = newUser();
    await service.add(childDn(cn, destination), { objectClass: 'user', ...attributes });
    await service.del(childDn(cn, destination));
    const dn = await deletedDn(cn);
    const elsewhere = restore(service, dn, childDn(cn, outside));
    await expect(elsewhere).rejects.toMatchObject(insufficientAccess);
    await restore(service, dn, childDn(cn, destination));
    await service.del(childDn(cn, destination));
  });

  test('may not add members to a group outside the destination', async () => {
    const admin = await bindAs(access, access.admin);
    const group = childDn(accountName(), outside);
    await admin.add(group, { objectClass: 'group', sAMAccountName: accountName() });
    const { cn, attributes } = newUser();
    const user = childDn(cn, destination);
    await service.add(user, { objectClass: 'user', ...attributes });
    await expect(replace(group, 'member', user)).rejects.toMatchObject(insufficientAccess);
    for (const dn of [group, user]) await admin.del(dn);
    await admin.unbind();
  });
});

async function replace(dn: Dn, attribute: string, value: string): Promise<void> {
  const modification = new Attribute({ type: attribute, values: [value] });
  await service.modify(dn, new Change({ operation: 'replace', modification }));
}

async function personOutside(): Promise<Dn> {
  const admin = await bindAs(access, access.admin);
  const name = accountName();
  const dn = childDn(name, outside);
  await admin.add(dn, { objectClass: 'user', sAMAccountName: name });
  await admin.unbind();
  people.push(dn);
  return dn;
}

const showDeleted = new Control('1.2.840.113556.1.4.417', { critical: true });

async function deletedDn(cn: string): Promise<Dn> {
  const domain = (parseDn(destination) ?? []).filter(({ type }) => type.toLowerCase() === 'dc');
  const { searchEntries } = await service.search(
    `CN=Deleted Objects,${formatDn(domain)}`,
    { scope: 'one', filter: `(cn=${cn}*)`, attributes: ['1.1'], timeLimit: 0 },
    showDeleted,
  );
  return searchEntries[0]?.dn as Dn;
}

async function restore(client: Client, dn: Dn, to: Dn): Promise<void> {
  const isDeleted = new Attribute({ type: 'isDeleted', values: [] });
  const name = new Attribute({ type: 'distinguishedName', values: [to] });
  const changes = [
    new Change({ operation: 'delete', modification: isDeleted }),
    new Change({ operation: 'replace', modification: name }),
  ];
  await client.modify(dn, changes, showDeleted);
}
