import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { laneOf } from '../../../shared/domain/lane.ts';
import { WritebackError } from '../../../shared/errors.ts';
import {
  difference,
  groupKey,
  groupPresent,
  idOf,
  userKey,
  userPresent,
  userSuspended,
} from '../build-command.ts';
import { type PumpWorld, pumpWorld } from './pump-world.ts';

/* What the desk tells of its work: spans, results and refusals that carry them, measurements. */

let pump: PumpWorld;
beforeEach(async () => {
  pump = await pumpWorld();
});
afterEach(() => pump.stop());

const anna = idOf('Anna');
const lane = laneOf(anna);
const traceId = 'a'.repeat(32);
const sender = 'b'.repeat(16);
const isDone = () => pump.bus.depth() === 0;
const spans = (name: 'apply' | 'ldap') => pump.telemetry.spans.filter((span) => span.name === name);

describe('a command', () => {
  it('is one span under that of who sent it, with its writes below; its result belongs to it', async () => {
    pump.bus.enqueue(userPresent('Anna'));
    await pump.until(isDone);
    const [apply] = spans('apply');
    expect(apply).toMatchObject({ traceId, parent: sender, outcome: 'ok', isEnded: true });
    expect(apply?.attributes).toEqual({ of: 'user', id: anna, state: 'present', outcome: 'created', lane });
    const writes = spans('ldap');
    expect(writes.map(({ attributes }) => attributes['operation'])).toEqual(['add', 'modify']);
    for (const write of writes)
      expect(write).toMatchObject({ traceId, parent: apply?.spanId, outcome: 'ok' });
    expect(pump.bus.results[0]?.traceparent).toBe(`00-${traceId}-${apply?.spanId}-01`);
    expect(pump.telemetry.withoutParent()).toEqual([apply]);
  });

  it('writes nothing where nothing is different, and its span has no writes', async () => {
    pump.bus.enqueue(userPresent('Anna'), userPresent('Anna'));
    await pump.until(isDone);
    const [, second] = spans('apply');
    expect(second?.attributes).toMatchObject({ outcome: 'unchanged' });
    expect(spans('ldap').filter(({ parent }) => parent === second?.spanId)).toEqual([]);
  });

  it('that was rejected failed, with the code', async () => {
    pump.bus.enqueue(userPresent('Anna', { attributes: { servicePrincipalName: 'cifs/anna' } }));
    await pump.until(isDone);
    expect(spans('apply')[0]).toMatchObject({
      outcome: 'failed',
      attributes: { outcome: 'rejected', code: 'attribute-not-allowed' },
    });
    expect(pump.telemetry.of('writeback.changes', { of: 'user', outcome: 'rejected' })).toHaveLength(1);
    expect(pump.telemetry.of('writeback.lag')).toEqual([]);
  });

  it('of an old epoch is answered too', async () => {
    pump.bus.enqueue(
      userPresent('Anna', { order: { epoch: 9, sequence: 1 } }),
      userPresent('Anna', { order: { epoch: 8, sequence: 9 } }),
    );
    await pump.until(isDone);
    const [, stale] = spans('apply');
    expect(stale).toMatchObject({ outcome: 'ok', attributes: { outcome: 'stale' } });
    expect(pump.telemetry.of('writeback.changes', { outcome: 'stale' })).toHaveLength(1);
  });

  it('that must wait ends its span with what it waits for; when it comes again it has another', async () => {
    pump.world.faults.loseNextAnswer = true;
    pump.bus.enqueue(userPresent('Anna'));
    await pump.until(isDone);
    const [first, last] = [spans('apply')[0], spans('apply').at(-1)];
    expect(first).toMatchObject({
      outcome: 'failed',
      isEnded: true,
      attributes: { code: 'directory-unavailable' },
    });
    expect(first?.attributes).not.toHaveProperty('outcome');
    expect(last).toMatchObject({ parent: sender, outcome: 'ok' });
    const [lost] = spans('ldap');
    expect(lost).toMatchObject({ outcome: 'failed', attributes: { code: 'directory-unavailable' } });
    expect(pump.telemetry.of('writeback.changes')).toHaveLength(1);
    expect(pump.telemetry.spans.every(({ isEnded }) => isEnded)).toBe(true);
  });

  it('stays as it was answered where what is told of it fails', async () => {
    const ends: unknown[] = [];
    const { start } = pump.telemetry;
    pump.telemetry.start = (name, how) => {
      const span = start(name, how);
      const end: typeof span.end = (last) => {
        if (name === 'apply') ends.push(last?.outcome);
        span.end(last);
      };
      return { ...span, end };
    };
    pump.telemetry.record = () => {
      throw new TypeError('a mistake of ours');
    };
    pump.bus.enqueue(userPresent('Anna'));
    await pump.until(isDone);
    await pump.pass(1_000);
    expect(ends).toEqual(['ok']);
    expect(pump.bus.results.map(({ outcome }) => outcome)).toEqual(['created']);
    expect(pump.reports).toEqual([{ state: 'failed', code: 'defect' }]);
  });

  it('whose result cannot be sent failed as well', async () => {
    pump.bus.faults.send = new WritebackError('bus-unavailable');
    pump.bus.enqueue(userPresent('Anna'));
    await pump.until(isDone);
    expect(spans('apply').map(({ outcome, attributes }) => [outcome, attributes['code']])).toEqual([
      ['failed', 'bus-unavailable'],
      ['ok', undefined],
    ]);
  });
});

describe('a message that is refused', () => {
  it('carries the span that refused it, under the trace that can still be read', async () => {
    pump.bus.enqueueRaw(lane, { ...userPresent('Anna'), enabled: 'yes' });
    await pump.until(isDone);
    const [span] = spans('apply');
    expect(span).toMatchObject({ traceId, parent: sender, outcome: 'failed' });
    expect(span?.attributes).toEqual({ code: 'message-invalid', lane });
    expect(pump.bus.refused[0]).toMatchObject({ traceparent: `00-${traceId}-${span?.spanId}-01` });
    expect(pump.telemetry.events.map(({ event, trace }) => [event, trace])).toEqual([
      ['refused', `00-${traceId}-${span?.spanId}-01`],
    ]);
  });

  it.each(['{', JSON.stringify({ v: 1, traceparent: 'Anna' })])(
    'begins a trace where none is: %s',
    async (body) => {
      pump.bus.enqueueRaw(lane, body);
      await pump.until(isDone);
      expect(pump.telemetry.withoutParent()).toEqual(spans('apply'));
      expect(spans('apply')[0]?.parent).toBeUndefined();
    },
  );
});

describe('measurements', () => {
  it('tell how long a change took, from every station that is known', async () => {
    const event = 1_795_000_000_000 - 5_000;
    const times = { event, ring: event + 1_000, command: event + 3_000 };
    pump.bus.enqueue(userPresent('Anna', { times, cause: 'round' }));
    await pump.until(isDone);
    const legs = pump.telemetry.of('writeback.lag', { of: 'user', cause: 'round' });
    const commit = (pump.bus.results[0]?.times.commit ?? 0) - event;
    expect(Object.fromEntries(legs.map(({ dimensions, value }) => [dimensions['leg'], value]))).toEqual({
      'event-to-ring': 1_000,
      'ring-to-command': 2_000,
      'command-to-commit': commit - 3_000,
      'ring-to-commit': commit - 1_000,
      'event-to-commit': commit,
    });
    expect(pump.telemetry.events[0]).toMatchObject({
      event: 'applied',
      trace: pump.bus.results[0]?.traceparent,
      fields: { lagMs: commit, lane, relay: 'test', traceId, state: 'present', cause: 'round' },
    });
    expect(pump.telemetry.of('writeback.apply.duration', { of: 'user', outcome: 'created' })).toHaveLength(1);
  });

  it('count LDAP requests, and what failed by its code', async () => {
    pump.bus.enqueue(userPresent('Anna'));
    await pump.until(isDone);
    const before = pump.telemetry.of('writeback.ldap.errors').length;
    expect(before).toBe(0);
    expect(pump.telemetry.of('writeback.ldap.duration', { operation: 'add', outcome: 'ok' })).toHaveLength(1);
    expect(pump.telemetry.of('writeback.ldap.duration', { operation: 'search' }).length).toBeGreaterThan(1);
    pump.world.faults.loseNextAnswer = true;
    pump.bus.enqueue(userSuspended('Anna'));
    await pump.until(isDone);
    expect(pump.telemetry.of('writeback.ldap.errors').map(({ dimensions }) => dimensions)).toEqual([
      { code: 'directory-unavailable' },
    ]);
    expect(pump.telemetry.of('writeback.ldap.duration', { outcome: 'failed' })).toHaveLength(1);
  });

  it('count every request of an edit of members, which is one span', async () => {
    pump.bus.enqueue(userPresent('Anna'), groupPresent('Team'));
    await pump.until(isDone);
    const writes = () => pump.telemetry.of('writeback.ldap.duration', { operation: 'modify' }).length;
    const before = { spans: spans('ldap').length, writes: writes() };
    // A group cannot be a member of itself: that fails the edit as a whole, and then alone.
    pump.bus.enqueue(difference('Team', { add: [userKey('Anna'), groupKey('Team')] }));
    await pump.until(isDone);
    expect(pump.bus.results.at(-1)?.omitted.map(({ code }) => code)).toEqual(['member-refused']);
    expect(spans('ldap')).toHaveLength(before.spans + 1);
    expect(writes()).toBeGreaterThan(before.writes + 1);
  });
});
