import { describe, expect, it } from 'vitest';
import { WritebackError } from '../../../shared/errors.ts';
import { createReceiver } from '../../../shared/receiving/receive.ts';
import type { NewRing } from '../../../shared/receiving/rings-for.ts';
import { readRequest } from '../../../shared/receiving/webhook.ts';
import { idOf, item, now, requestOf, scene, secret } from './receiver-scene.ts';

const rung = (sent: readonly NewRing[]) =>
  sent.map(({ to, message }) => ({
    to,
    want: 'want' in message ? message.want : undefined,
    cause: 'cause' in message ? message.cause : undefined,
    times: 'times' in message ? message.times : undefined,
  }));

describe('the validation handshake', () => {
  it.each(['plain', 'a+b%c d<script>&"', 'Validation: Testing client application'])(
    'answers the decoded token: %s',
    async (token) => {
      const answer = await scene().post('', `validationToken=${encodeURIComponent(token)}`);
      expect(answer).toMatchObject({
        status: 200,
        body: token,
        headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
      });
    },
  );
});

describe('what is no notification', () => {
  it.each([
    ['broken JSON', '{"value":[', 400],
    ['no list', { value: 'x' }, 400],
    ['nothing', '', 400],
    ['invalid UTF-8', '\ud800', 400],
    ['a body over a megabyte', ' '.repeat(1_048_577), 413],
  ])('%s', async (_, body, status) => {
    const it = scene();
    const answer = await it.post(body);
    expect([400, 413]).toContain(answer.status);
    if (body !== '\ud800') expect(answer.status).toBe(status);
    expect(answer.body).toBeUndefined();
    expect(it.outbox.sent).toEqual([]);
    expect(it.log.lines).toHaveLength(1);
  });

  it('is not read where it says that it is too large', async () => {
    const request = {
      query: new URLSearchParams(),
      headers: { get: () => '5000000' },
      arrayBuffer: async () => {
        throw new Error('read');
      },
    };
    expect((await createReceiver(scene().deps)(await readRequest(request))).status).toBe(413);
  });
});

describe('change notifications', () => {
  it('[flow.trigger] ring with ids, kind by kind, event time and ring time, before they are answered 202', async () => {
    const it = scene();
    const group = { resource: `groups/${idOf(3).toUpperCase()}`, resourceData: undefined };
    const answer = await it.post({ value: [item(1), item(2), item(1), item(3, group)] });
    expect(answer).toEqual({ status: 202 });
    const event = Date.UTC(2026, 10, 22, 9, 59, 50);
    expect(rung(it.outbox.sent)).toEqual([
      {
        to: 'users',
        cause: 'notification',
        want: { type: 'look', ids: [idOf(1), idOf(2)] },
        times: { event, ring: now },
      },
      { to: 'groups', cause: 'notification', want: { type: 'look', ids: [idOf(3)] }, times: { ring: now } },
    ]);
  });

  it('are read leniently: unknown change types, keys with #, odd resources, unbelievable times', async () => {
    const it = scene();
    const value = [
      item(1, {
        changeType: 'fooled',
        unknown: 1,
        resourceData: { '#odata.type': '#microsoft.graph.user', id: idOf(1) },
      }),
      item(2, { resource: `/USERS('${idOf(2)}')`, resourceData: { eventTime: '1999-01-01T00:00:00Z' } }),
      item(3, { resourceData: 7 }),
      { ...item(4), resource: 'devices/x', resourceData: { id: idOf(4) } },
      'rubbish',
    ];
    expect((await it.post({ value })).status).toBe(202);
    expect(rung(it.outbox.sent)).toEqual([
      {
        to: 'users',
        cause: 'notification',
        want: { type: 'look', ids: [idOf(1), idOf(2), idOf(3)] },
        times: { ring: now },
      },
    ]);
    expect(it.log.lines).toEqual([
      {
        level: 'warn',
        message: 'items dropped',
        fields: { hints: 3, lifecycle: 0, foreign: 0, unknown: 0, unusable: 2, requests: 1 },
      },
    ]);
  });

  it('without our secret do nothing and are answered 202', async () => {
    const it = scene();
    const value = [
      item(1, { clientState: 'wrong' }),
      item(2, { clientState: undefined }),
      item(3, { clientState: `${secret}x` }),
    ];
    expect((await it.post({ value })).status).toBe(202);
    expect(it.outbox.sent).toEqual([]);
    expect(it.log.lines[0]?.fields).toMatchObject({ foreign: 3 });
  });

  it('of a subscription that is not ours do nothing, are counted, and are answered 202', async () => {
    const it = scene();
    const value = [item(1, { subscriptionId: 'other' }), item(2, { subscriptionId: undefined }), item(3)];
    expect((await it.post({ value })).status).toBe(202);
    expect(rung(it.outbox.sent).map(({ want }) => want)).toEqual([{ type: 'look', ids: [idOf(3)] }]);
    expect(it.log.lines[0]?.fields).toMatchObject({ hints: 1, unknown: 2 });
  });

  it('are split into rings of 500 ids', async () => {
    const it = scene();
    await it.post({ value: Array.from({ length: 1_001 }, (_, n) => item(n)) });
    expect(
      it.outbox.sent.map(
        ({ message }) => 'want' in message && message.want.type === 'look' && message.want.ids.length,
      ),
    ).toEqual([500, 500, 1]);
  });

  it('are answered 503 when they cannot be kept', async () => {
    const it = scene();
    const outbox = {
      send: async () => {
        throw new WritebackError('bus-unavailable');
      },
    };
    const answer = await createReceiver({ ...it.deps, outbox })(requestOf({ value: [item(1)] }));
    expect(answer).toEqual({ status: 503 });
  });

  it('are answered 503 when keeping them takes longer than Graph waits', async () => {
    const it = scene();
    const receiving = createReceiver({ ...it.deps, outbox: { send: () => new Promise(() => undefined) } })(
      requestOf({ value: [item(1)] }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    it.clock.advance(2_500);
    expect(await receiving).toEqual({ status: 503 });
  });
});

describe('lifecycle events', () => {
  const event = (lifecycleEvent: string) => ({ subscriptionId: 'sub', clientState: secret, lifecycleEvent });

  it('[flow.trigger] ask for care, and ring for rounds where something may have been missed', async () => {
    const it = scene();
    expect((await it.post({ value: [event('reauthorizationRequired')] })).status).toBe(202);
    expect(it.outbox.sent).toEqual([]);
    await it.post({ value: [event('subscriptionRemoved'), event('missed')] });
    expect(it.cared.map(({ event }) => event)).toEqual(['renew', 'recreate', 'missed']);
    expect(rung(it.outbox.sent).map(({ to, want, cause }) => ({ to, want, cause }))).toEqual([
      { to: 'users', want: { type: 'round' }, cause: 'lifecycle' },
      { to: 'groups', want: { type: 'round' }, cause: 'lifecycle' },
    ]);
  });

  it('come together with change notifications, and need the secret too', async () => {
    const it = scene();
    await it.post({ value: [item(1), event('missed'), { ...event('missed'), clientState: 'wrong' }] });
    expect(it.outbox.sent).toHaveLength(3);
    expect(it.cared).toHaveLength(1);
  });

  it('are answered 503 when a subscription could not be cared for', async () => {
    const it = scene();
    const care = async () => {
      throw new WritebackError('graph-throttled');
    };
    const answer = await createReceiver({ ...it.deps, care })(
      requestOf({ value: [event('subscriptionRemoved')] }),
    );
    expect(answer).toEqual({ status: 503 });
    expect(it.outbox.sent).toHaveLength(2);
  });
});
