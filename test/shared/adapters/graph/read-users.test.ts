import { describe, expect, it } from 'vitest';
import { plainPicture } from '../../../../local/tenant/directory/photo.ts';
import type { CloudUser } from '../../../../shared/domain/cloud-object.ts';
import type { ObjectId } from '../../../../shared/domain/object-id.ts';
import type { DeltaItem, DeltaPage, Tenant } from '../../../../shared/ports.ts';
import { type TenantInMemory, tenantInMemory } from '../../../local/tenant/tenant-in-memory.ts';

/** What the reader of users learns of a tenant, over the tenant simulator in this process. */
const idOf = (n: number): ObjectId => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const person = (n: number, more: Record<string, unknown> = {}) => ({
  id: idOf(n),
  userPrincipalName: `user${n}@contoso.example`,
  displayName: `User ${n}`,
  mailNickname: `user${n}`,
  accountEnabled: true,
  ...more,
});

async function lookAt(port: Tenant, id: ObjectId): Promise<CloudUser> {
  const looked = (await port.lookUsers([id], { photo: true })).get(id);
  if (looked === undefined || looked.found === 'missing') throw new Error('nobody there');
  return looked.object;
}

async function fullRound(port: Tenant, from?: string): Promise<{ users: CloudUser[]; link: string }> {
  const users: CloudUser[] = [];
  for (let link = from; ; ) {
    const page: DeltaPage<CloudUser> = await port.userPage(link);
    if (page.type === 'resync') throw new Error('resync');
    users.push(
      ...page.items.flatMap((item: DeltaItem<CloudUser>) => (item.type === 'live' ? item.object : [])),
    );
    link = page.link;
    if (page.type === 'done') return { users, link };
  }
}

const setManager = (world: TenantInMemory, user: ObjectId, manager: ObjectId) =>
  world.admin('PUT', `/users/${user}/manager/$ref`, {
    '@odata.id': `https://graph.example/v1.0/directoryObjects/${manager}`,
  });

describe('properties of a user', () => {
  const everything = {
    employeeType: 'Contractor',
    faxNumber: '+49 30 2',
    otherMails: ['a@home.example', 'b@home.example'],
    employeeOrgData: { division: 'North', costCenter: '4711' },
    onPremisesExtensionAttributes: { extensionAttribute1: 'one', extensionAttribute15: 'fifteen' },
    mobilePhone: '+49 170 1',
    businessPhones: ['+49 30 1'],
  };
  const read = {
    employeeType: 'Contractor',
    faxNumber: '+49 30 2',
    otherMails: ['a@home.example', 'b@home.example'],
    division: 'North',
    extensionAttributes: { extensionAttribute1: 'one', extensionAttribute15: 'fifteen' },
    mobilePhone: '+49 170 1',
    businessPhones: ['+49 30 1'],
  };

  it('[users.attributes.all] [users.attributes.phones] [users.attributes.extension] come whole with a direct read and with a page', async () => {
    const world = tenantInMemory();
    world.import({ users: [person(1, everything)] });
    const port = world.port();
    expect(await lookAt(port, idOf(1))).toMatchObject(read);
    expect((await fullRound(port)).users[0]).toMatchObject(read);
  });

  it('[users.attributes.empty] are empty where nobody ever set them, and after they were cleared', async () => {
    const world = tenantInMemory();
    world.import({ users: [person(1), person(2, everything)] });
    await world.admin('PATCH', `/users/${idOf(2)}`, {
      employeeType: null,
      faxNumber: null,
      otherMails: [],
      employeeOrgData: null,
      onPremisesExtensionAttributes: { extensionAttribute1: null, extensionAttribute15: null },
      mobilePhone: null,
      businessPhones: [],
    });
    const empty = {
      employeeType: null,
      faxNumber: null,
      otherMails: [],
      division: null,
      extensionAttributes: {},
      mobilePhone: null,
      businessPhones: [],
    };
    const port = world.port();
    for (const id of [idOf(1), idOf(2)]) expect(await lookAt(port, id)).toMatchObject(empty);
    for (const user of (await fullRound(port)).users) expect(user).toMatchObject(empty);
  });

  it('[users.attributes.extension] change one by one', async () => {
    const world = tenantInMemory();
    world.import({ users: [person(1, everything)] });
    const change = {
      onPremisesExtensionAttributes: { extensionAttribute1: null, extensionAttribute2: 'two' },
    };
    await world.admin('PATCH', `/users/${idOf(1)}`, change);
    expect((await lookAt(world.port(), idOf(1))).extensionAttributes).toEqual({
      extensionAttribute2: 'two',
      extensionAttribute15: 'fifteen',
    });
  });
});

describe('the manager of a user', () => {
  const synced = { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1104' };

  it('[users.attributes.manager] comes with the direct read, in the same request, synced ones with their SID', async () => {
    const world = tenantInMemory();
    world.import({
      users: [person(1, { manager: idOf(2) }), person(2, { manager: idOf(3) }), person(3, synced)],
    });
    const port = world.port();
    const looked = await port.lookUsers([idOf(1), idOf(2), idOf(3)]);
    const managers = [...looked.values()].map((one) =>
      one.found === 'live' ? one.object.manager : one.found,
    );
    expect(managers).toEqual([
      { type: 'user', id: idOf(2), known: true, synced: false, sid: null, guest: false },
      { type: 'user', id: idOf(3), known: true, synced: true, sid: 'S-1-5-21-1-2-3-1104', guest: false },
      null,
    ]);
    expect(world.asked).toEqual(['POST v1.0 /$batch']);
  });

  it('[users.attributes.manager] is nobody while the manager is soft-deleted, or is a contact', async () => {
    const world = tenantInMemory();
    const contact = { id: idOf(9), displayName: 'Contact' };
    world.import({
      users: [person(1, { manager: idOf(2) }), person(2), person(3, { manager: idOf(9) })],
      contacts: [contact],
    });
    const port = world.port();
    await world.admin('DELETE', `/users/${idOf(2)}`);
    expect([(await lookAt(port, idOf(1))).manager, (await lookAt(port, idOf(3))).manager]).toEqual([
      null,
      null,
    ]);
    expect(await port.reportsTo([idOf(2)])).toEqual([]);
    await world.admin('POST', `/directory/deletedItems/${idOf(2)}/restore`);
    expect((await lookAt(port, idOf(1))).manager?.id).toBe(idOf(2));
    expect(await port.reportsTo([idOf(2)])).toEqual([idOf(1)]);
  });

  it('[users.attributes.manager] of a soft-deleted user was not read, which is not the same as nobody', async () => {
    const world = tenantInMemory();
    world.import({ users: [person(1, { manager: idOf(2) }), person(2)] });
    await world.admin('DELETE', `/users/${idOf(1)}`);
    expect(await lookAt(world.port(), idOf(1))).not.toHaveProperty('manager');
  });

  it('[users.attributes.manager] is told by every page of a full round, and by a later one only where it changed', async () => {
    const world = tenantInMemory({ pageSize: 1 });
    world.import({ users: [person(1), person(2), person(3, { manager: idOf(1) })] });
    const port = world.port();
    const first = await fullRound(port);
    expect(first.users.map(({ manager }) => manager)).toEqual([
      null,
      null,
      { type: 'user', id: idOf(1), known: false },
    ]);

    await world.admin('PATCH', `/users/${idOf(3)}`, { jobTitle: 'Clerk' });
    const second = await fullRound(port, first.link);
    expect(second.users.map((user) => [user.jobTitle, 'manager' in user])).toEqual([['Clerk', false]]);

    await setManager(world, idOf(3), idOf(2));
    const third = await fullRound(port, second.link);
    expect(third.users.map(({ manager }) => manager?.id)).toEqual([idOf(2)]);

    await world.admin('DELETE', `/users/${idOf(3)}/manager/$ref`);
    expect((await fullRound(port, third.link)).users.map(({ manager }) => manager)).toEqual([null]);
  });

  it('[users.attributes.manager] direct reports of several managers, over pages', async () => {
    const world = tenantInMemory();
    const reports = Array.from({ length: 1_100 }, (_, at) => person(100 + at, { manager: idOf(1) }));
    world.import({ users: [person(1), person(2), person(3, { manager: idOf(2) }), ...reports] });
    const found = await world.port().reportsTo([idOf(1), idOf(2), idOf(3), idOf(77)]);
    expect(found.toSorted()).toEqual([idOf(3), ...reports.map(({ id }) => id)].toSorted());
  });

  it('is a user of whom only the id is known where the expanded object is half-loaded', async () => {
    const world = tenantInMemory({ awkward: 'half-loaded' });
    world.import({ users: [person(1), person(2)] });
    const port = world.port();
    await setManager(world, idOf(1), idOf(2));
    const known = new Set<boolean | undefined>();
    for (let tries = 0; tries < 60; tries++) {
      await world.admin('PATCH', `/users/${idOf(2)}`, { jobTitle: `Chief ${tries}` });
      const { manager } = await lookAt(port, idOf(1));
      expect(manager).toMatchObject({ type: 'user', id: idOf(2) });
      known.add(manager?.known);
    }
    expect(known).toEqual(new Set([true, false]));
  });
});

describe('the photo of a user', () => {
  const colour = Buffer.of(1, 2, 3);
  const picture = (size: number) => plainPicture(size, colour).image;
  /** A picture too large for AD: what follows the end of a PNG is ignored by whoever shows it. */
  const large = Buffer.concat([Buffer.from(picture(240), 'base64'), Buffer.alloc(120_000)]).toString(
    'base64',
  );
  const photoOf = async (world: TenantInMemory) => (await lookAt(world.port({ photo: true }), idOf(1))).photo;

  it('[users.attributes.photo] is read only where it is wanted', async () => {
    const world = tenantInMemory();
    world.import({ users: [person(1, { photo: picture(96) })] });
    expect(await lookAt(world.port(), idOf(1))).not.toHaveProperty('photo');
    expect(await photoOf(world)).toBe(picture(96));
    world.asked.length = 0;
    await world.port({ photo: true }).lookUsers([idOf(1)]);
    expect(world.asked).toHaveLength(1);
  });

  it('[users.attributes.photo] comes in the size that Windows shows, else as it was uploaded; null where there is none', async () => {
    const world = tenantInMemory();
    world.import({ users: [person(1)] });
    expect(await photoOf(world)).toBeNull();
    world.import({ users: [{ id: idOf(1), photo: picture(64) }] });
    expect(await photoOf(world)).toBe(picture(64));
    world.import({ users: [{ id: idOf(1), photo: large }] });
    const sized = Buffer.from((await photoOf(world)) ?? '', 'base64');
    expect([sized.readUInt32BE(16), sized.readUInt32BE(20)]).toEqual([96, 96]);
    world.import({ users: [{ id: idOf(1), photo: null }] });
    expect(await photoOf(world)).toBeNull();
  });

  it('[users.attributes.photo] is never larger than 100 KiB', async () => {
    const world = tenantInMemory();
    const smallButHeavy = (size: number) =>
      Buffer.concat([Buffer.from(picture(size), 'base64'), Buffer.alloc(120_000)]).toString('base64');
    world.import({ users: [person(1, { photo: smallButHeavy(80) })] });
    expect(Buffer.from((await photoOf(world)) ?? '', 'base64').readUInt32BE(16)).toBe(64);
    world.import({ users: [{ id: idOf(1), photo: smallButHeavy(40) }] });
    expect(await photoOf(world)).toBeNull();
  });

  it('[users.attributes.photo] is not asked for of users that are synced, deleted or gone', async () => {
    const world = tenantInMemory();
    world.import({ users: [person(1, { onPremisesSyncEnabled: true }), person(2)] });
    await world.admin('DELETE', `/users/${idOf(2)}`);
    await world.port({ photo: true }).lookUsers([idOf(1), idOf(2), idOf(3)], { photo: true });
    expect(Object.keys(world.tenant.counts.byRoute()).filter((route) => route.includes('photo'))).toEqual([]);
  });
});

describe('the cost of a look', () => {
  it('is as many requests as ever with default settings: one for one user, a batch for twenty', async () => {
    const world = tenantInMemory();
    world.import({ users: Array.from({ length: 45 }, (_, at) => person(at, { manager: idOf(0) })) });
    const port = world.port();
    await port.lookUsers([idOf(1)]);
    expect(world.asked.map((line) => line.replace(/\?.*/, ''))).toEqual([`GET v1.0 /users/${idOf(1)}`]);
    world.asked.length = 0;
    await port.lookUsers(Array.from({ length: 45 }, (_, at) => idOf(at)));
    expect(world.asked).toEqual(Array.from({ length: 3 }, () => 'POST v1.0 /$batch'));
    expect(world.tenant.counts.byRoute()).toEqual({ 'GET /users/:id': 46 });
  });

  it('reads a half-loaded user again, and only that one', async () => {
    const world = tenantInMemory({ awkward: 'half-loaded' });
    const port = world.port();
    const ids = Array.from({ length: 20 }, (_, at) => idOf(at));
    world.import({ users: ids.map((_, at) => person(at)) });
    for (const id of ids) await world.admin('PATCH', `/users/${id}`, { jobTitle: 'new' });
    const looked = await port.lookUsers(ids);
    expect([...looked.values()].every((one) => one.found === 'live' && one.object.jobTitle === 'new')).toBe(
      true,
    );
    const again = world.tenant.state.occurrences.get('half-loaded') ?? 0;
    expect(again).toBeGreaterThan(0);
    expect(world.tenant.counts.byRoute()).toEqual({ 'GET /users/:id': 20 + again });
  });
});
