import { describe, expect, it } from 'vitest';
import { createGraphBatch } from '../../../../shared/adapters/graph/batch.ts';
import type { GraphAnswer, GraphCall, GraphRequest } from '../../../../shared/adapters/graph/graph-call.ts';
import { parseGroup, parseUser } from '../../../../shared/adapters/graph/parse-object.ts';
import { createPatientCall } from '../../../../shared/adapters/graph/patient-call.ts';
import { durationMs, epochMs } from '../../../../shared/domain/time.ts';
import { WritebackError } from '../../../../shared/errors.ts';
import type { Clock } from '../../../../shared/ports.ts';

/** Time that passes at once; `waited` tells how long was slept, in all. */
function quickClock(): Clock & { waited: number[] } {
  const waited: number[] = [];
  return {
    waited,
    now: () => epochMs(1_795_000_000_000),
    sleep: async (span) => {
      waited.push(span);
    },
  };
}
const answer = (status: number, more: Partial<GraphAnswer> = {}): GraphAnswer => ({
  status,
  body: undefined,
  retryAfterMs: undefined,
  ...more,
});
const random = () => 0;

/** Answers in turn; the last answer repeats. */
function callOf(...answers: (GraphAnswer | WritebackError)[]): GraphCall & { asked: GraphRequest[] } {
  const asked: GraphRequest[] = [];
  const call = async (request: GraphRequest): Promise<GraphAnswer> => {
    const next = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(request);
    if (next === undefined || next instanceof WritebackError) throw next ?? new Error('none');
    return next;
  };
  return Object.assign(call, { asked });
}
const get: GraphRequest = { method: 'GET', path: '/users' };

describe('a patient call', () => {
  it('waits for what Graph asks, or longer each time', async () => {
    const clock = quickClock();
    const throttled = answer(429, { retryAfterMs: durationMs(3_000) });
    const call = callOf(throttled, answer(503), new WritebackError('graph-unavailable'), answer(200));
    expect((await createPatientCall(call, { clock, random })(get)).status).toBe(200);
    expect(clock.waited).toEqual([3_000, 400, 800]);
  });

  it('gives up after four tries, and at once where Graph asks for more than five seconds', async () => {
    const clock = quickClock();
    await expect(createPatientCall(callOf(answer(503)), { clock, random })(get)).rejects.toMatchObject({
      code: 'graph-unavailable',
    });
    expect(clock.waited).toHaveLength(3);
    const long = callOf(answer(429, { retryAfterMs: durationMs(5_001) }));
    await expect(createPatientCall(long, { clock, random })(get)).rejects.toMatchObject({
      code: 'graph-throttled',
      retryAfterMs: 5_001,
    });
    expect(long.asked).toHaveLength(1);
  });

  it('does not repeat what waiting cannot heal', async () => {
    const refused = callOf(new WritebackError('graph-refused'));
    await expect(createPatientCall(refused, { clock: quickClock(), random })(get)).rejects.toMatchObject({
      code: 'graph-refused',
    });
    expect(refused.asked).toHaveLength(1);
  });
});

/** Answers `$batch` requests by `inner`, backwards as Graph may. */
function batchCall(
  inner: (url: string, time: number) => { status: number; headers?: Record<string, string>; body?: unknown },
) {
  const times = new Map<string, number>();
  const sizes: number[] = [];
  const call: GraphCall = async ({ path, body }) => {
    if (path !== '/$batch') return answer(200, { body: { plain: path } });
    const { requests } = body as { requests: { id: string; url: string }[] };
    sizes.push(requests.length);
    const responses = requests.map(({ id, url }) => {
      times.set(url, (times.get(url) ?? 0) + 1);
      return { id, ...inner(url, times.get(url) ?? 0) };
    });
    return answer(200, { body: { responses: responses.reverse() } });
  };
  return { call, sizes };
}
const paths = (count: number) => new Map(Array.from({ length: count }, (_, n) => [`k${n}`, `/users/${n}`]));

describe('a batch', () => {
  it('asks for 20 at a time and answers by key', async () => {
    const { call, sizes } = batchCall((url) => ({ status: url.endsWith('7') ? 404 : 200, body: { url } }));
    const answers = await createGraphBatch(call, { clock: quickClock(), random })(paths(45));
    expect(sizes).toEqual([20, 20, 5]);
    expect(answers.get('k44')).toMatchObject({ status: 200, body: { url: '/users/44' } });
    expect(answers.get('k17')?.status).toBe(404);
  });

  it('is a plain request where it holds one', async () => {
    const { call, sizes } = batchCall(() => ({ status: 500 }));
    const answers = await createGraphBatch(call, { clock: quickClock(), random })(paths(1));
    expect([sizes, answers.get('k0')?.body]).toEqual([[], { plain: '/users/0' }]);
  });

  it('asks the refused parts again after the longest Retry-After among them', async () => {
    const clock = quickClock();
    const { call, sizes } = batchCall((url, time) =>
      url.endsWith('3') && time === 1
        ? { status: 429, headers: { 'Retry-After': '2' } }
        : { status: 200, body: { time } },
    );
    const answers = await createGraphBatch(call, { clock, random })(paths(20));
    expect(sizes).toEqual([20, 2]);
    expect(clock.waited).toEqual([2_000]);
    expect([answers.get('k3')?.body, answers.get('k4')?.body]).toEqual([{ time: 2 }, { time: 1 }]);
  });

  it('hands a long Retry-After on, and a refusal', async () => {
    const long = batchCall(() => ({ status: 429, headers: { 'retry-after': '60' } }));
    const asking = createGraphBatch(long.call, { clock: quickClock(), random })(paths(2));
    await expect(asking).rejects.toMatchObject({ code: 'graph-throttled', retryAfterMs: 60_000 });
    const forbidden = batchCall(() => ({
      status: 403,
      body: { error: { code: 'Authorization_RequestDenied' } },
    }));
    const denied = createGraphBatch(forbidden.call, { clock: quickClock(), random })(paths(2));
    await expect(denied).rejects.toMatchObject({ code: 'graph-refused' });
  });

  it('notices an answer that is left out', async () => {
    const call: GraphCall = async () => answer(200, { body: { responses: [] } });
    const asking = createGraphBatch(call, { clock: quickClock(), random })(paths(2));
    await expect(asking).rejects.toBeInstanceOf(WritebackError);
  });
});

describe('witnesses', () => {
  const id = '00000000-0000-4000-8000-000000000001';
  it.each([
    ['a user without userPrincipalName', () => parseUser({ id, accountEnabled: true })],
    [
      'a user with a null userPrincipalName',
      () => parseUser({ id, accountEnabled: true, userPrincipalName: null }),
    ],
    ['a user without accountEnabled', () => parseUser({ id, userPrincipalName: 'a@b' })],
    ['a group without securityEnabled', () => parseGroup({ id, displayName: 'x' })],
    ['a group with a null displayName', () => parseGroup({ id, displayName: null, securityEnabled: true })],
    ['nothing', () => parseUser(undefined)],
  ])('%s is incomplete, not cleared', (_, parse) => {
    expect(parse).toThrow(expect.objectContaining({ code: 'graph-incomplete' }));
  });

  it('an answer of another shape is invalid, and its values are not told', () => {
    let error: unknown;
    try {
      parseUser({ id, accountEnabled: 'secret', userPrincipalName: 'a@b' });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'graph-invalid' });
    expect(String(error)).not.toContain('secret');
  });

  it('accountEnabled may be null', () => {
    expect(parseUser({ id, accountEnabled: null, userPrincipalName: 'a@b' })).toMatchObject({
      accountEnabled: null,
      businessPhones: [],
    });
  });
});
