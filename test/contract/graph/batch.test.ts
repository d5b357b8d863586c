import { BatchRequestContent } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUser, openWorld, standInOnly, type World } from './world.ts';

type Response = { id: string; status: number; headers: Record<string, string>; body: { id?: string } };

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const unknown = '11111111-2222-4333-8444-555555555555';

async function batch(requests: unknown[], token?: string): Promise<Map<string, Response>> {
  const options = token === undefined ? {} : { token };
  const { status, body } = await world.call('POST', '/$batch', { requests }, options);
  expect(status).toBe(200);
  const responses = body['responses'] as Response[];
  return new Map(responses.map((response) => [response.id, response]));
}

describe('C: $batch', () => {
  test('each request has its own answer, found by its id; the outer status is 200', async () => {
    const [user, group] = [await world.user(), await world.group()];
    const answers = await batch([
      { id: 'a', method: 'GET', url: `/users/${user}?$select=id` },
      { id: 'b', method: 'GET', url: `/groups/${group}?$select=id,displayName` },
      { id: 'c', method: 'GET', url: `/users/${unknown}` },
    ]);
    expect(answers.get('a')).toMatchObject({ status: 200, body: { id: user } });
    expect(answers.get('b')).toMatchObject({ status: 200, body: { id: group } });
    expect(answers.get('c')).toMatchObject({
      status: 404,
      body: { error: { code: 'Request_ResourceNotFound' } },
    });
  });

  standInOnly('the answers come in another order than the questions', async () => {
    const user = await world.user();
    const requests = ['1', '2', '3'].map((id) => ({ id, method: 'GET', url: `/users/${user}` }));
    const { body } = await world.call('POST', '/$batch', { requests });
    expect((body['responses'] as Response[]).map(({ id }) => id)).not.toEqual(['1', '2', '3']);
  });

  test('20 requests are taken, 21 are refused', async () => {
    const user = await world.user();
    const many = (count: number) =>
      Array.from({ length: count }, (_, id) => ({ id: String(id), method: 'GET', url: `/users/${user}` }));
    expect((await batch(many(20))).size).toBe(20);
    expect((await world.call('POST', '/$batch', { requests: many(21) })).status).toBe(400);
  });

  test('ids must be unique', async () => {
    const twice = [1, 2].map(() => ({ id: 'same', method: 'GET', url: '/users' }));
    expect((await world.call('POST', '/$batch', { requests: twice })).status).toBe(400);
  });

  test('writes need a content type', async () => {
    const user = await world.user();
    const patch = { id: '1', method: 'PATCH', url: `/users/${user}`, body: { department: 'HR' } };
    const answers = await batch([{ ...patch, headers: { 'Content-Type': 'application/json' } }]);
    expect(answers.get('1')?.status).toBe(204);
    expect((await world.call('POST', '/$batch', { requests: [patch] })).status).toBe(400);
  });

  test('dependsOn: a failed dependency gives 424', async () => {
    const answers = await batch([
      { id: '1', method: 'GET', url: `/users/${unknown}` },
      { id: '2', method: 'GET', url: '/users?$top=1', dependsOn: ['1'] },
    ]);
    expect(answers.get('2')?.status).toBe(424);
  });

  standInOnly('an application may not write by batch either', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const create = { id: '1', method: 'POST', url: '/users', headers, body: newUser() };
    const answers = await batch([create], world.tenant.appToken);
    expect(answers.get('1')?.status).toBe(403);
  });

  test('the official client sends one', async () => {
    const user = await world.user();
    const request = new Request(`https://localhost/users/${user}?$select=id`);
    const content = await new BatchRequestContent([{ id: '1', request }]).getContent();
    const answer = (await world.client.api('/$batch').post(content)) as { responses: unknown };
    expect(answer.responses).toEqual([expect.objectContaining({ id: '1', status: 200 })]);
  });
});
