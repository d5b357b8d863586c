import { describe, expect, it } from 'vitest';
import { WritebackError } from '../../../shared/errors.ts';
import type { ClientState } from '../../../shared/receiving/client-state.ts';
import { createReceiver } from '../../../shared/receiving/receive.ts';
import { item, requestOf, scene, secret } from './receiver-scene.ts';

describe('while our secret cannot be read', () => {
  const away: ClientState['current'] = async () => {
    throw new WritebackError('state-unavailable');
  };
  const deps = () => ({ ...scene().deps, clientState: { current: away, again: away } });

  it('notifications are answered 503, so that Graph sends them again', async () => {
    const parts = deps();
    expect(await createReceiver(parts)(requestOf({ value: [item(1)] }))).toEqual({ status: 503 });
    expect(parts.outbox.sent).toEqual([]);
    expect(parts.log.lines).toEqual([
      { level: 'warn', message: 'webhook unavailable', fields: { requests: 1, code: 'state-unavailable' } },
    ]);
  });

  it('the handshake works', async () => {
    expect(await createReceiver(deps())(requestOf('', 'validationToken=t'))).toMatchObject({ body: 't' });
  });

  it('they are answered in time where the tables do not answer at all', async () => {
    const parts = {
      ...deps(),
      clientState: { current: () => new Promise<never>(() => undefined), again: away },
    };
    const receiving = createReceiver(parts)(requestOf({ value: [item(1)] }));
    await new Promise((resolve) => setImmediate(resolve));
    parts.clock.advance(2_500);
    expect(await receiving).toEqual({ status: 503 });
  });
});

describe('while nobody can tell whether our secret is another one by now', () => {
  const newer = item(1, { clientState: 'newer' });
  const deps = () => ({
    ...scene().deps,
    clientState: { current: async () => secret, again: async () => undefined },
  });

  it('what names a subscription of ours is answered 503, so that Graph sends it again', async () => {
    const parts = deps();
    expect(await createReceiver(parts)(requestOf({ value: [newer, item(2)] }))).toEqual({ status: 503 });
    expect(parts.outbox.sent).toEqual([]);
  });

  it('strangers are answered 202', async () => {
    const value = [
      { ...newer, subscriptionId: 'other' },
      { ...newer, subscriptionId: undefined },
    ];
    expect(await createReceiver(deps())(requestOf({ value }))).toEqual({ status: 202 });
  });
});
