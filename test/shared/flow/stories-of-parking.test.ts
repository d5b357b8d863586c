import { beforeEach, describe, expect, test } from 'vitest';
import { laneOf } from '../../../shared/domain/lane.ts';
import { createDeadLetterHandler } from '../../../shared/recording/record-dead-letters.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded, settings } from './flow.ts';

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];

let flow: Flow;
beforeEach(async () => {
  flow = createFlow(seeded(7));
  flow.sweep();
  await flow.drain();
});

const look = (id = ann): void => flow.ring('users', { type: 'look', ids: [id] });
/** Runs what is due now, without letting time pass. */
async function runNow(): Promise<void> {
  while (await flow.step());
}

describe('parking', () => {
  test('[parking.code] a rejected user is parked with code and reason, rung on its schedule, and clean after success', async () => {
    flow.tenant.putUser(ann);
    flow.relay.rejections = 2;
    look();
    await runNow();
    expect(flow.state.row('user', ann)).toMatchObject({
      outcome: 'rejected',
      code: 'directory-refused',
      reason: 'for the test',
      attempts: 1,
      ringAt: flow.clock.now() + 60_000,
    });
    await flow.drain();
    expect(flow.state.row('user', ann)).toMatchObject({ outcome: 'created', code: '', ringAt: null });
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  test('[parking.schedule] an object that fails for a day has one series of rings, further and further apart', async () => {
    flow.tenant.putUser(ann);
    flow.relay.rejections = 1_000;
    look();
    const until = flow.clock.now() + 86_400_000;
    for (let n = 0; flow.clock.now() < until; n++) {
      if (n % 50 === 0) flow.sweep();
      if (!(await flow.step())) flow.clock.advance(60_000);
    }
    const refusedAt = flow.state.log.filter(({ id }) => id === ann).map(({ times }) => times.commit ?? 0);
    expect(refusedAt).toHaveLength(1_000 - flow.relay.rejections);
    const waits = refusedAt.slice(1).map((at, n) => at - (refusedAt[n] ?? 0));
    // 60 s, 300 s, then every hour, seen by a clock that goes by minutes: 25 times in a day.
    const scheduled = [60_000, 300_000, ...waits.slice(2).map(() => 3_600_000)];
    const lateBy = waits.map((wait, n) => wait - (scheduled[n] ?? 0));
    expect(lateBy.filter((late) => late < 0 || late > 120_000)).toEqual([]);
    expect(refusedAt.length).toBeGreaterThan(20);
  });

  test('[parking.schedule] a ring for much later is as old as its due time; one for soon goes on with its event', async () => {
    flow.tenant.putUser(ann);
    flow.relay.rejections = 1_000;
    look();
    const event = flow.clock.now();
    const waiting = () => flow.doorbells.users.find(({ ring }) => ring.cause === 'parked');
    while (!waiting()) await flow.step();
    expect(waiting()?.ring.times.event).toBe(event);
    while ((flow.state.row('user', ann)?.attempts ?? 0) < 3)
      if (!(await flow.step())) flow.clock.advance(1_000);
    const late = flow.doorbells.users.findLast(({ ring }) => ring.cause === 'parked');
    expect(late?.dueAt).toBeGreaterThan(flow.clock.now() + 3_500_000);
    expect(late?.ring.times).toEqual({ ring: late?.dueAt });
  });

  test('[parking.schedule] a change is sent at once, however long the object was to wait', async () => {
    flow.tenant.putUser(ann, { displayName: 'Refused' });
    flow.relay.rejections = 3;
    look();
    // 60 s and 300 s later it is refused again, and waits an hour then.
    while ((flow.state.row('user', ann)?.attempts ?? 0) < 3)
      if (!(await flow.step())) flow.clock.advance(1_000);
    expect(flow.state.row('user', ann)?.ringAt).toBeGreaterThan(flow.clock.now() + 3_500_000);
    look(bob);
    await runNow();
    expect(flow.state.row('user', ann)?.outcome).toBe('rejected');
    flow.tenant.putUser(ann, { displayName: 'Corrected' });
    flow.sweep();
    await runNow();
    expect(flow.state.row('user', ann)).toMatchObject({
      outcome: 'created',
      code: '',
      ringAt: null,
      attempts: null,
    });
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  test('[parking.others-flow] nothing else waits, in the same lane neither', async () => {
    const lane = laneOf(ann);
    const neighbour = Array.from({ length: 2_000 }, (_, n) => idOf('user', n + 10)).find(
      (id) => laneOf(id) === lane,
    );
    if (neighbour === undefined) throw new Error('no neighbour');
    flow.tenant.putUser(ann);
    flow.relay.rejections = 1;
    look();
    await runNow();
    expect(flow.state.row('user', ann)?.outcome).toBe('rejected');
    for (const id of [neighbour, bob]) {
      flow.tenant.putUser(id);
      look(id);
    }
    await runNow();
    expect([neighbour, bob].map((id) => flow.state.row('user', id)?.outcome)).toEqual(['created', 'created']);
    expect(flow.relay.entry('user', ann)).toBeUndefined();
  });

  test('[parking.log] the log keeps what was asked of each object, what became of it, and when', async () => {
    flow.tenant.putUser(ann);
    flow.relay.rejections = 1;
    look();
    await flow.drain();
    const lines = flow.state.log.filter(({ id }) => id === ann);
    expect(lines.map(({ of, state, outcome, code }) => [of, state, outcome, code])).toEqual([
      ['user', 'present', 'rejected', 'directory-refused'],
      ['user', 'present', 'created', undefined],
    ]);
    for (const { times, cause, traceId } of lines) {
      expect(times.ring).toBeLessThanOrEqual(times.command ?? 0);
      expect(times.command).toBeLessThanOrEqual(times.commit ?? 0);
      expect([cause, traceId]).toEqual(['ring', '1'.repeat(32)]);
    }
  });

  test('[parking.code] a dead-lettered command parks its object, and the object is sent anew', async () => {
    flow.tenant.putUser(ann);
    look();
    await flow.step();
    const dead = flow.relay.discard(flow.relay.busyLanes()[0] ?? '');
    const handler = createDeadLetterHandler({
      ...flow,
      settings,
      tell: () => undefined,
    });
    for await (const step of handler([dead], new AbortController().signal)) {
      for (const one of step.messages) {
        if (one.to === 'users') flow.doorbells.users.push({ ring: one.message, dueAt: one.dueAt ?? 0 });
      }
      await step.commit?.();
    }
    expect(flow.state.row('user', ann)).toMatchObject({ outcome: 'dead-lettered', code: 'dead-lettered' });
    await flow.drain();
    expect(flow.state.row('user', ann)).toMatchObject({ code: '', ringAt: null });
    expect(differencesFromExpected(flow)).toEqual([]);
  });
});
