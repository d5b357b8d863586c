import { ManagedIdentityCredential } from '@azure/identity';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { stackToken } from '../../../local/tenant/tokens.ts';
import {
  clientFor,
  codeOf,
  newGroup,
  newUser,
  openWorld,
  readAll,
  standInOnly,
  textLike,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

const control = (method: string, what: string, body?: unknown, token = world.tenant.adminToken) =>
  world.call(method, `${world.tenant.controlUrl}/${what}`, body, { token });

describe('managed identity endpoint', () => {
  standInOnly('the real ManagedIdentityCredential gets a token that Graph takes', async () => {
    vi.stubEnv('IDENTITY_ENDPOINT', world.tenant.identityUrl);
    vi.stubEnv('IDENTITY_HEADER', world.tenant.identityHeader);
    const credential = new ManagedIdentityCredential();
    const token = await credential.getToken('https://graph.microsoft.com/.default');
    expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_600_000);
    const id = await world.user();
    const read = (await clientFor(world.base, token.token).api(`/users/${id}`).get()) as { id: string };
    expect(read.id).toBe(id);
  });

  standInOnly('a user-assigned identity is another application', async () => {
    const get = (query: string, header = world.tenant.identityHeader) =>
      fetch(
        `${world.tenant.identityUrl}?api-version=2019-08-01&resource=https://graph.microsoft.com${query}`,
        {
          headers: { 'x-identity-header': header },
        },
      );
    const body = (await (await get('&client_id=one')).json()) as Record<string, string>;
    expect(body).toMatchObject({
      client_id: 'one',
      token_type: 'Bearer',
      resource: 'https://graph.microsoft.com',
      expires_on: textLike(/^\d+$/),
    });
    expect((await get('', 'wrong')).status).toBe(401);
  });
});

describe('tokens', () => {
  const claims = { aud: 'https://graph.microsoft.com', roles: [], exp: Math.floor(Date.now() / 1000) + 600 };
  const status = async (secret: string, given: typeof claims) => {
    const answer = await world.call('GET', '/users?$top=1', undefined, { token: stackToken(secret, given) });
    return answer.status;
  };

  standInOnly('signature, audience and expiry are checked', async () => {
    const { tokenSecret } = world.tenant;
    expect(await status(tokenSecret, claims)).toBe(200);
    expect(await status('another secret', claims)).toBe(401);
    expect(await status(tokenSecret, { ...claims, aud: 'https://servicebus.azure.net' })).toBe(401);
    expect(await status(tokenSecret, { ...claims, exp: claims.exp - 1_200 })).toBe(401);
  });

  standInOnly('401 has Graph’s shape', async () => {
    const answer = await world.call('GET', '/users', undefined, { token: 'nonsense' });
    expect(codeOf(answer)).toBe('InvalidAuthenticationToken');
  });

  standInOnly('an application reads; it neither writes nor controls (403)', async () => {
    const token = world.tenant.appToken;
    const id = await world.user();
    expect((await world.call('GET', `/users/${id}`, undefined, { token })).status).toBe(200);
    const refused = await world.call('PATCH', `/users/${id}`, { department: 'HR' }, { token });
    expect([refused.status, codeOf(refused)]).toEqual([403, 'Authorization_RequestDenied']);
    expect((await control('GET', 'counters', undefined, token)).status).toBe(403);
  });
});

describe('control', () => {
  standInOnly('import seeds objects that Graph itself would not make', async () => {
    const [user, group, device] = [
      'aaaaaaaa-0000-4000-8000-000000000001',
      'aaaaaaaa-0000-4000-8000-000000000002',
      'aaaaaaaa-0000-4000-8000-000000000003',
    ];
    const synced = { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1105' };
    const imported = await control('POST', 'import', {
      users: [{ ...newUser(), ...synced, id: user }],
      devices: [{ id: device, displayName: 'device' }],
      groups: [{ ...newGroup(), id: group, mailEnabled: true, groupTypes: [], members: [user, device] }],
    });
    expect(imported.status).toBe(200);
    const { items } = await readAll(
      world,
      `/groups/${group}/members?$select=id,onPremisesSecurityIdentifier`,
    );
    expect(items).toEqual([
      expect.objectContaining({ id: user, onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1105' }),
      expect.objectContaining({ id: device, '@odata.type': '#microsoft.graph.device' }),
    ]);
    const delta = await readAll(world, '/groups/delta?$select=mailEnabled,members');
    expect(delta.items.find((item) => item.id === group)).toMatchObject({ mailEnabled: true });
  });

  standInOnly('counters count what applications ask, by route, those in a batch too', async () => {
    const token = world.tenant.appToken;
    const before = (await control('GET', 'counters')).body['routes'] as Record<string, number>;
    const id = await world.user();
    await world.call('GET', `/users/${id}`, undefined, { token });
    const requests = ['1', '2'].map((one) => ({ id: one, method: 'GET', url: `/users/${id}` }));
    await world.call('POST', '/$batch', { requests }, { token });
    const after = (await control('GET', 'counters')).body['routes'] as Record<string, number>;
    const more = (route: string) => (after[route] ?? 0) - (before[route] ?? 0);
    expect([more('GET /users/:id'), more('POST /$batch'), more('POST /users')]).toEqual([3, 1, 0]);
  });
});
