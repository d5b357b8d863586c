import { expect, it } from 'vitest';
import { countedCall } from '../../../../shared/adapters/graph/counted-call.ts';
import type { GraphAnswer, GraphRequest } from '../../../../shared/adapters/graph/graph-call.ts';
import { type ErrorCode, WritebackError } from '../../../../shared/errors.ts';

const get: GraphRequest = { method: 'GET', path: '/users' };

async function countOf(answer: Partial<GraphAnswer> | ErrorCode, request = get): Promise<string[]> {
  const counts: string[] = [];
  const call = countedCall(
    async () => {
      if (typeof answer === 'string') throw new WritebackError(answer);
      return { status: 200, body: undefined, retryAfterMs: undefined, ...answer };
    },
    (outcome, count) => counts.push(`${outcome} ${count}`),
  );
  await call(request).catch(() => undefined);
  return counts;
}

it.each([
  [200, 'ok'],
  [204, 'ok'],
  [404, 'not-found'],
  [410, 'resync'],
  [429, 'throttled'],
  [503, 'unavailable'],
  [400, 'other'],
])('status %i is %s', async (status, outcome) => {
  expect(await countOf({ status })).toEqual([`${outcome} 1`]);
});

it('tells refusals from silence', async () => {
  expect(await countOf('graph-refused')).toEqual(['refused 1']);
  expect(await countOf('graph-unavailable')).toEqual(['unavailable 1']);
});

it('counts what is in a batch, not the batch; one that was throttled as a whole counts as that', async () => {
  const batch: GraphRequest = { method: 'POST', path: '/$batch', body: {} };
  const responses = [200, 429, 200, 404, 403].map((status, id) => ({ id: String(id), status }));
  const counted = await countOf({ body: { responses } }, batch);
  expect(counted).toEqual(['ok 2', 'throttled 1', 'not-found 1', 'refused 1']);
  expect(await countOf({ status: 429 }, batch)).toEqual(['throttled 1']);
});
