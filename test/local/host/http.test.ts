import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningHost, startHost, writeApp } from './running-host.ts';

const functions = `
import { app } from '@azure/functions';
app.http('open', { methods: ['GET', 'POST'], authLevel: 'anonymous', route: 'things/{id}/parts/{part?}', handler: async (request, context) => {
  context.log('looking at', request.params.id);
  return { status: 201, headers: { 'x-test': 'yes' }, jsonBody: {
    params: request.params, query: Object.fromEntries(request.query), body: await request.text(), method: request.method,
    traceParent: context.traceContext.traceParent, header: request.headers.get('x-some') } };
} });
app.http('locked', { methods: ['POST'], authLevel: 'function', handler: async () => ({ body: 'in' }) });
app.http('throws', { methods: ['GET'], authLevel: 'anonymous', handler: async () => { throw new Error('on purpose'); } });
app.http('silent', { methods: ['GET'], authLevel: 'anonymous', handler: async () => undefined });
app.http('slow', { methods: ['GET'], authLevel: 'anonymous', handler: async () => { console.log('slow began'); await new Promise((r) => setTimeout(r, 300)); return { body: 'done' }; } });
app.hook.preInvocation((hook) => { hook.invocationContext.log('before ' + hook.invocationContext.functionName); });
`;

let app: { folder: string; remove(): void };
let host: RunningHost;

beforeAll(async () => {
  app = writeApp({ 'dist/functions/all.js': functions });
  host = await startHost(app.folder, { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1000' });
});

afterAll(async () => {
  await host.stop();
  app.remove();
});

describe('HTTP triggers', () => {
  test('pass route parameters, query, body, headers and traceparent; the answer comes back whole', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await fetch(`${host.url}/api/Things/a%20b/parts/7?validationToken=x%2By%20z`, {
      method: 'POST',
      body: '{"some":"body"}',
      headers: { traceparent, 'x-some': 'value' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-test')).toBe('yes');
    expect(await answer.json()).toEqual({
      params: { id: 'a b', part: '7' },
      query: { validationToken: 'x+y z' },
      body: '{"some":"body"}',
      method: 'POST',
      traceParent: traceparent,
      header: 'value',
    });
  });

  test('an optional parameter may be left out, a further segment may not be added', async () => {
    expect((await fetch(`${host.url}/api/things/1/parts`)).status).toBe(201);
    expect((await fetch(`${host.url}/api/things/1/parts/2/3`)).status).toBe(404);
    expect((await fetch(`${host.url}/things/1/parts`)).status).toBe(404);
  });

  test('a function key opens a function, by query or header', async () => {
    const post = (path: string, headers = {}) => fetch(`${host.url}${path}`, { method: 'POST', headers });
    expect((await post('/api/locked')).status).toBe(401);
    expect((await post('/api/locked?code=wrong')).status).toBe(401);
    expect((await post('/api/locked?code=secret')).status).toBe(200);
    expect((await post('/api/locked', { 'x-functions-key': 'secret' })).status).toBe(200);
    expect((await fetch(`${host.url}/api/locked?code=secret`)).status).toBe(404);
  });

  test('a function that throws is a 500 without a word, one that returns nothing a 204', async () => {
    const thrown = await fetch(`${host.url}/api/throws`);
    expect([thrown.status, await thrown.text()]).toEqual([500, '']);
    expect((await fetch(`${host.url}/api/silent`)).status).toBe(204);
  });

  test('a body above FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is refused before the function sees it', async () => {
    const post = (size: number) =>
      fetch(`${host.url}/api/things/1/parts`, { method: 'POST', body: 'x'.repeat(size) });
    expect((await post(1000)).status).toBe(201);
    expect((await post(1001)).status).toBe(413);
  });

  test('log lines name function and invocation; one line closes an invocation with outcome and duration', async () => {
    await fetch(`${host.url}/api/throws`);
    await fetch(`${host.url}/api/things/logged/parts`);
    const said = await host.line((line) => line['message'] === 'looking at logged');
    const closing = await host.line(
      (line) => line['invocationId'] === said['invocationId'] && line['message'] === 'Executed',
    );
    expect(said).toMatchObject({ level: 'information', function: 'open' });
    expect(closing).toMatchObject({ function: 'open', outcome: 'succeeded', durationMs: expect.any(Number) });
    const failed = await host.line((line) => line['function'] === 'throws' && line['outcome'] === 'failed');
    expect(failed['reason']).toContain('on purpose');
    await host.line((line) => line['message'] === 'before open');
  });

  test('at the end of standard input a running invocation is finished', async () => {
    const own = await startHost(app.folder);
    const answer = fetch(`${own.url}/api/slow`);
    await own.line((line) => line['message'] === 'slow began');
    const code = own.stop();
    expect(await (await answer).text()).toBe('done');
    expect(await code).toBe(0);
  });
});
