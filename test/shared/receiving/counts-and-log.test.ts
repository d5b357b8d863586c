import { describe, expect, it } from 'vitest';
import { WritebackError } from '../../../shared/errors.ts';
import { item, scene } from './receiver-scene.ts';

describe('what is counted', () => {
  const told = ({ deps }: ReturnType<typeof scene>) =>
    deps.telemetry.measurements.map(({ value, dimensions }) => `${dimensions['outcome']} ${value}`);

  it('items that led to rings, and those that were dropped', async () => {
    const it = scene();
    const foreign = item(2, { clientState: 'wrong' });
    await it.post({ value: [item(1), item(3), foreign, item(4, { subscriptionId: 'another' })] });
    expect(told(it)).toEqual(['accepted 2', 'dropped 2']);
  });

  it('what Graph has to send again', async () => {
    const it = scene();
    it.outbox.send = async () => {
      throw new WritebackError('bus-unavailable');
    };
    await it.post({ value: [item(1), item(2)] });
    expect(told(it)).toEqual(['unavailable 2']);
  });
});

describe('what strangers can make the log say', () => {
  const foreign = { value: [item(1, { clientState: 'wrong' }), item(2, { clientState: 'wrong' })] };
  const said = ({ log }: ReturnType<typeof scene>, name: string) =>
    log.lines.filter(({ message }) => message === name).map(({ fields }) => fields);

  it('is one line a minute and kind, with everything that came meanwhile', async () => {
    const it = scene();
    for (let sent = 0; sent < 1_000; sent++) await it.post(foreign);
    for (let sent = 0; sent < 1_000; sent++) await it.post('rubbish');
    expect(it.log.lines).toHaveLength(2);
    it.clock.advance(60_000);
    await it.post(foreign);
    await it.post('rubbish');
    expect(said(it, 'items dropped')).toMatchObject([
      { foreign: 2, requests: 1 },
      { foreign: 2_000, requests: 1_000 },
    ]);
    expect(said(it, 'webhook refused')).toEqual([
      { status: 400, requests: 1 },
      { status: 400, requests: 1_000 },
    ]);
  });

  it('hides no other kind: a body too large, or tables that are away', async () => {
    const it = scene();
    for (const body of ['rubbish', ' '.repeat(1_048_577), foreign]) await it.post(body);
    it.outbox.send = async () => {
      throw new WritebackError('bus-unavailable');
    };
    for (let sent = 0; sent < 3; sent++) await it.post({ value: [item(1)] });
    expect(it.log.lines.map(({ message }) => message)).toEqual([
      ...['webhook refused', 'webhook refused', 'items dropped', 'webhook unavailable'],
    ]);
  });
});
