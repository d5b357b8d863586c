import { type PageCollection, PageIterator } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  anyText,
  codeOf,
  messageOf,
  newGroup,
  newUser,
  openWorld,
  readAll,
  standInOnly,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ pageSize: 5 });
});
afterAll(() => world.close());

describe('D: users', () => {
  test('without $select come the default properties and no others', async () => {
    const id = await world.user({ department: 'Sales' });
    const { body } = await world.call('GET', `/users/${id}`);
    const shown = Object.keys(body).filter((name) => !name.startsWith('@'));
    expect(shown.toSorted()).toEqual(
      (
        'businessPhones displayName givenName id jobTitle mail mobilePhone officeLocation ' +
        'preferredLanguage surname userPrincipalName'
      ).split(' '),
    );
  });

  test('$select gives what is asked for, null where there is no value, and id in any case', async () => {
    const id = await world.user({ department: 'Sales' });
    const select = 'id,department,accountEnabled,userType,onPremisesSyncEnabled,businessPhones';
    const { body } = await world.call('GET', `/users/${id}?$select=${select}`);
    expect(body).toMatchObject({
      id,
      department: 'Sales',
      accountEnabled: true,
      userType: 'Member',
      onPremisesSyncEnabled: null,
      businessPhones: [],
    });
  });

  test('a property that v1.0 does not know cannot be selected (D.3)', async () => {
    const id = await world.group();
    const answer = await world.call('GET', `/groups/${id}?$select=writebackConfiguration`);
    expect(answer.status).toBe(400);
  });

  test('a user is found by principal name too', async () => {
    const id = await world.user();
    const { body } = await world.call('GET', `/users/${id}`);
    const named = await world.call('GET', `/users/${String(body['userPrincipalName']).toUpperCase()}`);
    expect(named.body['id']).toBe(id);
  });

  test.each(['displayName', 'mailNickname', 'userPrincipalName', 'accountEnabled', 'passwordProfile'])(
    'a user cannot be created without %s',
    async (name) => {
      const answer = await world.call('POST', '/users', { ...newUser(), [name]: undefined });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'Request_BadRequest']);
    },
  );

  test('a principal name is unique', async () => {
    const id = await world.user();
    const { body } = await world.call('GET', `/users/${id}`);
    const answer = await world.call('POST', '/users', {
      ...newUser(),
      userPrincipalName: body['userPrincipalName'],
    });
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain('userPrincipalName already exists');
  });

  test('PATCH changes, null clears, an empty text is refused', async () => {
    const id = await world.user({ jobTitle: 'Clerk', department: 'Sales' });
    expect((await world.call('PATCH', `/users/${id}`, { jobTitle: null, department: 'HR' })).status).toBe(
      204,
    );
    const { body } = await world.call('GET', `/users/${id}?$select=jobTitle,department`);
    expect(body).toMatchObject({ jobTitle: null, department: 'HR' });
    expect((await world.call('PATCH', `/users/${id}`, { department: '' })).status).toBe(400);
  });

  test('manager: put, get, delete; 404 where there is none', async () => {
    const [user, manager] = [await world.user(), await world.user()];
    expect((await world.call('GET', `/users/${user}/manager`)).status).toBe(404);
    const put = await world.call('PUT', `/users/${user}/manager/$ref`, world.reference(manager));
    expect(put.status).toBe(204);
    const { body } = await world.call('GET', `/users/${user}/manager`);
    expect(body).toMatchObject({ '@odata.type': '#microsoft.graph.user', id: manager });
    expect((await world.call('DELETE', `/users/${user}/manager/$ref`)).status).toBe(204);
    expect((await world.call('GET', `/users/${user}/manager/$ref`)).status).toBe(404);
  });

  standInOnly(
    'synced objects come by PATCH of the administrator (playing Entra Connect), not by POST',
    async () => {
      const synced = { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1104' };
      expect((await world.call('POST', '/users', { ...newUser(), ...synced })).status).toBe(400);
      const id = await world.user();
      expect((await world.call('PATCH', `/users/${id}`, synced)).status).toBe(204);
      const select = Object.keys(synced).join(',');
      expect((await world.call('GET', `/users/${id}?$select=${select}`)).body).toMatchObject(synced);
    },
  );
});

describe('D.2: groups', () => {
  test('the kinds of group', async () => {
    const unified: Record<string, unknown> = { ...newGroup(), mailEnabled: true, groupTypes: ['Unified'] };
    const created = await world.call('POST', '/groups', unified);
    expect(created.body).toMatchObject({ groupTypes: ['Unified'], mailEnabled: true });
    expect(String(created.body['mail'])).toMatch(new RegExp(`^${String(unified['mailNickname'])}@`));
    const security = await world.call('GET', `/groups/${await world.group()}`);
    expect(security.body).toMatchObject({ groupTypes: [], mailEnabled: false, securityEnabled: true });
    expect(String(security.body['securityIdentifier'])).toMatch(/^S-1-12-1-\d+-\d+-\d+-\d+$/);
  });

  test('a mail-enabled security group cannot be created', async () => {
    expect((await world.call('POST', '/groups', { ...newGroup(), mailEnabled: true })).status).toBe(400);
  });

  test('isAssignableToRole cannot be changed', async () => {
    const id = await world.group();
    expect((await world.call('PATCH', `/groups/${id}`, { isAssignableToRole: true })).status).toBe(400);
  });

  standInOnly('the cloud SID is the id in little-endian words', async () => {
    const id = '01020304-0506-0708-090a-0b0c0d0e0f10';
    await control('import', { groups: [{ ...newGroup(), id }] });
    const { body } = await world.call('GET', `/groups/${id}`);
    // Words of the bytes 04030201 06050807 (little-endian GUID fields), then 090a0b0c 0d0e0f10 as they stand.
    expect(body['securityIdentifier']).toBe(
      `S-1-12-1-${0x01020304}-${0x07080506}-${0x0c0b0a09}-${0x100f0e0d}`,
    );
  });
});

describe('lists', () => {
  test('pages hold $top objects; next links are absolute and keep the query', async () => {
    const made = [await world.group(), await world.group(), await world.group()];
    const { items, pages } = await readAll(world, '/groups?$select=id,displayName&$top=2');
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(made));
    expect(pages.every((page) => page.value.length <= 2)).toBe(true);
    const next = String(pages[0]?.['@odata.nextLink']);
    expect(next).toMatch(/^https:\/\/.*\$skiptoken=/);
    expect(decodeURIComponent(next)).toContain('$select=id,displayName');
    expect(Object.keys(pages.at(-1)?.value[0] ?? {}).toSorted()).toEqual(['displayName', 'id']);
  });

  test('$filter: eq, startswith, in, and, or', async () => {
    const mark = `m${Date.now()}`;
    const [a, b] = [
      await world.user({ displayName: `${mark} a`, department: mark }),
      await world.user({ displayName: `${mark} b`, accountEnabled: false }),
    ];
    const found = async (filter: string) =>
      (await readAll(world, `/users?$filter=${encodeURIComponent(filter)}`)).items.map(({ id }) => id);
    expect(await found(`displayName eq '${mark} A'`)).toEqual([a]);
    expect((await found(`startswith(displayName,'${mark}')`)).toSorted()).toEqual([a, b].toSorted());
    expect(await found(`startswith(displayName,'${mark}') and accountEnabled eq false`)).toEqual([b]);
    expect((await found(`id in ('${a}','${b}')`)).toSorted()).toEqual([a, b].toSorted());
    expect((await found(`id eq '${a}' or id eq '${b}'`)).toSorted()).toEqual([a, b].toSorted());
  });

  test('the official client pages through a list', async () => {
    const made = [await world.user(), await world.user(), await world.user()];
    const seen: string[] = [];
    const first = (await world.client.api('/users').select('id').top(2).get()) as PageCollection;
    await new PageIterator(world.client, first, (user: { id: string }) => {
      seen.push(user.id);
      return true;
    }).iterate();
    expect(seen).toEqual(expect.arrayContaining(made));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('errors', () => {
  test('404 in Graph shape, with request ids', async () => {
    const unknown = '11111111-2222-4333-8444-555555555555';
    const answer = await world.call('GET', `/users/${unknown}`, undefined, {
      headers: { 'client-request-id': unknown },
    });
    expect(answer.status).toBe(404);
    expect(answer.body['error']).toMatchObject({
      code: 'Request_ResourceNotFound',
      message: expect.stringContaining(unknown) as unknown,
      innerError: { date: anyText, 'request-id': anyText },
    });
    expect(answer.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('client-request-id')).toBe(unknown);
  });

  test('the official client gives status and code', async () => {
    const refused = world.client.api('/groups/11111111-2222-4333-8444-555555555555').get();
    await expect(refused).rejects.toMatchObject({ statusCode: 404, code: 'Request_ResourceNotFound' });
  });

  test('a body that is no JSON is 400', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await world.call('POST', '/users', '{"displayName":', { headers })).status).toBe(400);
  });

  test('a path that does not exist is 400', async () => {
    expect((await world.call('GET', '/users/a/b/c/d')).status).toBe(400);
  });
});

describe('directoryObjects', () => {
  test('GET finds an object of whatever type', async () => {
    const device = await world.device();
    const { body } = await world.call('GET', `/directoryObjects/${device}`);
    expect(body).toMatchObject({ '@odata.type': '#microsoft.graph.device', id: device });
  });

  test('C: getByIds answers what exists and leaves out the rest silently', async () => {
    const [user, group] = [await world.user(), await world.group()];
    const ids = [user, group, '11111111-2222-4333-8444-555555555555'];
    const { body } = await world.call('POST', '/directoryObjects/getByIds?$select=id', { ids });
    expect(body.value.map(({ id }) => id).toSorted()).toEqual([user, group].toSorted());
    const users = await world.call('POST', '/directoryObjects/getByIds', { ids, types: ['user'] });
    expect(users.body.value.map(({ id }) => id)).toEqual([user]);
  });
});

async function control(what: string, body: unknown) {
  return world.call('POST', `${world.tenant.controlUrl}/${what}`, body);
}
