import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newSubscription, startSubscriber } from './subscriber.ts';
import {
  fromNow,
  messageOf,
  newGroup,
  newUser,
  openWorld,
  readAll,
  standInOnly,
  untilSettled,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const importing = (body: unknown) => world.call('POST', `${world.tenant.controlUrl}/import`, body);
const unified = () => ({ ...newGroup(), mailEnabled: true, groupTypes: ['Unified'] });
const patch = async (path: string, body: unknown) => (await world.call('PATCH', path, body)).status;

describe('D.2: kinds of group', () => {
  test.each([
    ['a distribution group', { mailEnabled: true, securityEnabled: false }],
    ['a mail-enabled security group', { mailEnabled: true, securityEnabled: true }],
    ['a group that is nothing', { mailEnabled: false, securityEnabled: false }],
    [
      'a role-assignable group that is not for security',
      { isAssignableToRole: true, ...unified(), securityEnabled: false },
    ],
    [
      'a role-assignable group with a rule',
      { isAssignableToRole: true, groupTypes: ['DynamicMembership'], membershipRule: 'true' },
    ],
  ])('%s cannot be created', async (_, properties) => {
    expect((await world.call('POST', '/groups', { ...newGroup(), ...properties })).status).toBe(400);
  });

  test('a role-assignable group is private, and stays role-assignable', async () => {
    const id = await world.group({ isAssignableToRole: true });
    const { body } = await world.call('GET', `/groups/${id}?$select=isAssignableToRole,visibility`);
    expect(body).toMatchObject({ isAssignableToRole: true, visibility: 'Private' });
    expect(await patch(`/groups/${id}`, { isAssignableToRole: false })).toBe(400);
    expect(await patch(`/groups/${id}`, { securityEnabled: false })).toBe(400);
  });

  test('a Microsoft 365 group becomes a security group and back; a security group stays one', async () => {
    const id = await world.group(unified());
    for (const securityEnabled of [false, true]) {
      expect(await patch(`/groups/${id}`, { securityEnabled })).toBe(204);
      const { body } = await world.call('GET', `/groups/${id}?$select=securityEnabled`);
      expect(body['securityEnabled']).toBe(securityEnabled);
    }
    expect(await patch(`/groups/${await world.group()}`, { securityEnabled: false })).toBe(400);
    expect(await patch(`/groups/${id}`, { groupTypes: [] })).toBe(400);
  });

  standInOnly('an import makes the kinds of Exchange; one of them deleted is gone at once', async () => {
    const subscriber = await startSubscriber();
    const ids = [randomUUID(), randomUUID()];
    const kinds = [false, true].map((securityEnabled, at) => {
      return { ...newGroup(), id: ids[at], mailEnabled: true, securityEnabled };
    });
    await importing({ groups: kinds });
    const { body } = await world.call(
      'GET',
      `/groups/${ids[0]}?$select=mailEnabled,securityEnabled,groupTypes`,
    );
    expect(body).toMatchObject({ mailEnabled: true, securityEnabled: false, groupTypes: [] });
    await world.call('POST', '/subscriptions', newSubscription(subscriber, '/groups'));
    const link = await fromNow(world, 'groups', 'displayName,members');
    for (const id of ids) expect((await world.call('DELETE', `/groups/${id}`)).status).toBe(204);
    await untilSettled(world);
    const notices = subscriber.posts.flatMap((post) => post.items).map((one) => one.changeType);
    expect(notices).toEqual(['deleted', 'deleted']);
    expect((await readAll(world, link)).items).toEqual(
      ids.map((id) => ({ id, '@removed': { reason: 'deleted' } })),
    );
    for (const id of ids) expect((await world.call('GET', `/directory/deletedItems/${id}`)).status).toBe(404);
    await subscriber.close();
  });
});

describe('D.3: beta', () => {
  const beta = (path: string) => `${world.base.replace(/v1\.0$/, 'beta')}${path}`;
  const chosen = { isEnabled: true, onPremisesGroupType: 'universalSecurityGroup' };

  standInOnly('writebackConfiguration is read and written there only', async () => {
    const id = await world.group();
    const select = '?$select=id,writebackConfiguration';
    const read = async () =>
      (await world.call('GET', beta(`/groups/${id}${select}`))).body['writebackConfiguration'];
    expect(await read()).toEqual({ isEnabled: null, onPremisesGroupType: null });
    expect(await patch(beta(`/groups/${id}`), { writebackConfiguration: chosen })).toBe(204);
    expect(await read()).toEqual(chosen);
    expect(await patch(beta(`/groups/${id}`), { writebackConfiguration: { isEnabled: false } })).toBe(204);
    expect(await read()).toEqual({ ...chosen, isEnabled: false });
    expect(await patch(`/groups/${id}`, { writebackConfiguration: chosen })).toBe(400);
    expect((await world.call('GET', `/groups/${id}${select}`)).status).toBe(400);
    const wrong = { writebackConfiguration: { onPremisesGroupType: 'globalGroup' } };
    expect(await patch(beta(`/groups/${id}`), wrong)).toBe(400);
  });

  standInOnly('links of beta lead to beta, and a change is an item where it is selected', async () => {
    const id = await world.group();
    const start = await world.call(
      'GET',
      beta('/groups/delta?$deltatoken=latest&$select=writebackConfiguration'),
    );
    const link = String(start.body['@odata.deltaLink']);
    expect(link).toContain('/beta/groups/delta?');
    await world.call('PATCH', beta(`/groups/${id}`), { writebackConfiguration: chosen });
    expect((await readAll(world, link)).items).toEqual([{ id, writebackConfiguration: chosen }]);
    const requests = [{ id: '1', method: 'GET', url: `/groups/${id}?$select=writebackConfiguration` }];
    const { body } = await world.call('POST', beta('/$batch'), { requests });
    expect(body['responses']).toMatchObject([{ status: 200, body: { writebackConfiguration: chosen } }]);
  });
});

describe('D.1: users', () => {
  test('extension attributes of a cloud user: all fifteen are named, a PATCH changes those it names', async () => {
    const id = await world.user();
    const read = async () =>
      (await world.call('GET', `/users/${id}?$select=onPremisesExtensionAttributes`)).body[
        'onPremisesExtensionAttributes'
      ] as Record<string, unknown>;
    expect(Object.keys(await read())).toHaveLength(15);
    const write = (attributes: object) =>
      patch(`/users/${id}`, { onPremisesExtensionAttributes: attributes });
    expect(await write({ extensionAttribute1: 'one', extensionAttribute2: 'two' })).toBe(204);
    expect(await write({ extensionAttribute1: null })).toBe(204);
    expect(await read()).toMatchObject({ extensionAttribute1: null, extensionAttribute2: 'two' });
    expect(await write({ extensionAttribute16: 'no' })).toBe(400);
  });

  test('employeeOrgData, employeeType, faxNumber and otherMails are written, read and cleared', async () => {
    const given = {
      employeeOrgData: { division: 'North', costCenter: '4711' },
      employeeType: 'Contractor',
      faxNumber: '+49 30 2',
      otherMails: ['a@home.example'],
    };
    const id = await world.user(given);
    const read = async () =>
      (await world.call('GET', `/users/${id}?$select=${Object.keys(given).join(',')}`)).body;
    expect(await read()).toMatchObject(given);
    const none = { employeeOrgData: null, employeeType: null, faxNumber: null, otherMails: [] };
    expect(await patch(`/users/${id}`, none)).toBe(204);
    expect(await read()).toMatchObject(none);
  });

  test('a member becomes a guest and a member again', async () => {
    const id = await world.user();
    for (const userType of ['Guest', 'Member']) {
      expect(await patch(`/users/${id}`, { userType })).toBe(204);
      expect((await world.call('GET', `/users/${id}?$select=userType`)).body['userType']).toBe(userType);
    }
    expect(await patch(`/users/${id}`, { userType: 'Visitor' })).toBe(400);
  });

  const nameOf = async (id: string): Promise<string> =>
    String((await world.call('GET', `/users/${id}`)).body['userPrincipalName']);
  const rename = (id: string, userPrincipalName: string) =>
    world.call('PATCH', `/users/${id}`, { userPrincipalName });

  test('a taken principal name is an ObjectConflict: two users swap by a third name', async () => {
    const [a, b] = [await world.user(), await world.user()];
    const [first, second] = [await nameOf(a), await nameOf(b)];
    const refused = await rename(a, second.toUpperCase());
    expect([refused.status, messageOf(refused)]).toEqual([
      400,
      'Another object with the same value for property userPrincipalName already exists.',
    ]);
    expect(refused.body['error']).toMatchObject({
      code: 'Request_BadRequest',
      details: [{ code: 'ObjectConflict', target: 'userPrincipalName' }],
    });
    const third = `x${first}`;
    for (const [id, name] of [
      [a, third],
      [b, first],
      [a, second],
    ] as const)
      expect((await rename(id, name)).status).toBe(204);
    expect([await nameOf(a), await nameOf(b)]).toEqual([second, first]);
  });

  test('a user whose name was taken meanwhile is not restored, but under another name', async () => {
    const id = await world.user();
    const name = await nameOf(id);
    await world.call('DELETE', `/users/${id}`);
    const heir = await world.user({ userPrincipalName: name });
    const restore = (body?: unknown) => world.call('POST', `/directory/deletedItems/${id}/restore`, body);
    const refused = await restore();
    expect(refused.status).toBe(400);
    expect(refused.body['error']).toMatchObject({ details: [{ code: 'ObjectConflict' }] });
    expect((await restore({ newUserPrincipalName: `x${name}` })).status).toBe(200);
    expect([await nameOf(id), await nameOf(heir)]).toEqual([`x${name}`, name]);
  });

  standInOnly(
    'an import of a known id merges records, and takes manager and photo away by null',
    async () => {
      const [id, manager] = [randomUUID(), await world.user()];
      const person = { ...newUser(), id, manager, employeeOrgData: { division: 'North' } };
      await importing({ users: [person] });
      await importing({ users: [{ id, employeeOrgData: { costCenter: '1' } }] });
      const { body } = await world.call(
        'GET',
        `/users/${id}?$select=employeeOrgData&$expand=manager($select=id)`,
      );
      expect(body).toMatchObject({
        employeeOrgData: { division: 'North', costCenter: '1' },
        manager: { id: manager },
      });
      await importing({ users: [{ id, manager: null }] });
      expect((await world.call('GET', `/users/${id}/manager`)).status).toBe(404);
    },
  );
});
