import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { laneOf } from '../../../shared/domain/lane.ts';
import { WritebackError } from '../../../shared/errors.ts';
import { difference, groupPresent, idOf, userKey, userPresent } from '../build-command.ts';
import { type PumpWorld, pumpWorld } from './pump-world.ts';

let pump: PumpWorld;
beforeEach(async () => {
  pump = await pumpWorld();
});
afterEach(() => pump.stop());

const anna = idOf('Anna');
const lane = laneOf(anna);
const at = (epoch: number, sequence: number) => ({ order: { epoch, sequence } });
const isDone = () => pump.bus.depth() === 0;
const outcomes = () => pump.bus.results.map(({ outcome }) => outcome);

describe('commands of a lane', () => {
  it('[relay.order] are applied in order, each with a result, and then settled', async () => {
    pump.bus.enqueue(userPresent('Anna'), userPresent('Anna', { enabled: false }), userPresent('Anna'));
    await pump.until(isDone);
    expect(outcomes()).toEqual(['created', 'updated', 'updated']);
    expect(pump.world.see(anna)?.enabled).toBe(true);
  });

  it('of many lanes get their turn where there are few workers', async () => {
    const words = Array.from({ length: 40 }, (_, each) => `user${each}`);
    pump.bus.enqueue(...words.map((word) => userPresent(word)));
    await pump.until(isDone);
    expect(pump.world.seeAll()).toHaveLength(40);
  });

  it('that are settled are not applied again when the result could not be sent at first', async () => {
    pump.bus.faults.send = new WritebackError('bus-unavailable');
    pump.bus.enqueue(userPresent('Anna'));
    await pump.until(isDone);
    expect(outcomes()).toEqual(['unchanged']);
    expect(pump.reports.map(({ state }) => state)).toEqual(['paused', 'open']);
    expect(pump.world.seeAll()).toHaveLength(1);
  });
});

describe('a stale command', () => {
  it('changes nothing and says so; the higher epoch is in the session state', async () => {
    pump.bus.enqueue(
      userPresent('Anna', { ...at(5, 1) }),
      userPresent('Anna', { ...at(4, 9), enabled: false }),
    );
    await pump.until(isDone);
    expect(outcomes()).toEqual(['created', 'stale']);
    expect(pump.world.see(anna)?.enabled).toBe(true);
    expect(JSON.parse(pump.bus.stateOf(lane) ?? '')).toEqual({ v: 1, user: 5, group: 0 });
  });

  it('of one kind is measured against its own kind only', async () => {
    const team = idOf('Team');
    pump.bus.enqueue(userPresent('Anna', at(9, 1)), groupPresent('Team', at(2, 1)));
    await pump.until(isDone);
    pump.bus.enqueue(difference('Team', { add: [userKey('Anna')] }, at(1, 1)));
    await pump.until(isDone);
    expect(outcomes().sort()).toEqual(['created', 'created', 'stale']);
    expect(pump.world.see(team)?.members).toEqual([]);
  });

  it('[relay.order] never wins, whatever comes in whatever order', async () => {
    const epoch = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(epoch, fc.boolean()), { minLength: 1, maxLength: 12 }),
        async (commands) => {
          const each = await pumpWorld();
          let highest = 0;
          let enabled = false;
          for (const [number, [of, wanted]] of commands.entries()) {
            each.bus.enqueue(userPresent('Anna', { ...at(of, number), enabled: wanted }));
            if (of < highest) continue;
            highest = of;
            enabled = wanted;
          }
          await each.until(() => each.bus.depth() === 0);
          expect(each.world.see(anna)?.enabled).toBe(enabled);
          await each.stop();
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('no write starts', () => {
  it('[relay.order] where even a renewed lock would not outlive it; the command waits', async () => {
    pump.bus.faults.lockMs = 5_000;
    pump.bus.enqueue(userPresent('Anna'));
    await pump.until(() => pump.reports.length > 3);
    expect(new Set(pump.reports.map(({ code }) => code))).toEqual(new Set(['lock-lost']));
    expect(pump.world.seeAll()).toEqual([]);
    pump.bus.faults.lockMs = 60_000;
    await pump.until(isDone);
    expect(outcomes()).toEqual(['created']);
  });
});

describe('a message', () => {
  it.each([
    ['that is no JSON', '{'],
    ['that breaks a rule', { ...userPresent('Anna'), enabled: 'yes' }],
    ['without a version', { type: 'user' }],
  ])('%s is refused with the reason and without its values, and the lane goes on', async (_, body) => {
    pump.bus.enqueueRaw(lane, body);
    pump.bus.enqueue(userPresent('Anna'));
    await pump.until(isDone);
    expect(pump.bus.refused).toHaveLength(1);
    expect(pump.bus.refused[0]).toMatchObject({ type: 'refusal', queue: 'writes' });
    expect(JSON.stringify(pump.bus.refused[0])).not.toContain('yes');
    expect(outcomes()).toEqual(['created']);
  });

  it('in a lane that is not its own is refused', async () => {
    pump.bus.enqueueRaw(lane === '000' ? '001' : '000', userPresent('Anna'));
    await pump.until(isDone);
    expect(pump.bus.refused).toHaveLength(1);
    expect(pump.world.seeAll()).toEqual([]);
  });

  it('of an unknown version stops everything and stays queued', async () => {
    pump.bus.enqueueRaw(lane, { ...userPresent('Anna'), v: 2 });
    await pump.until(() => pump.reports.length > 0);
    pump.bus.enqueue(userPresent('Bert'));
    await pump.pass(120_000);
    expect(pump.bus.depth()).toBe(2);
    expect(pump.reports.slice(0, 3)).toEqual(Array(3).fill({ state: 'halted', code: 'version-unknown' }));
    expect(pump.world.seeAll()).toEqual([]);
  });
});

describe('while the directory is away', () => {
  it('[relay.outage] all lanes pause and nothing is lost; afterwards everything is applied once', async () => {
    pump.world.faults.refuseConnections = true;
    pump.world.faults.dropNextConnection = true;
    pump.bus.enqueue(userPresent('Anna'), userPresent('Bert'), groupPresent('Team'));
    await pump.until(() => pump.reports.length > 2);
    expect(pump.bus.depth()).toBe(3);
    pump.world.faults.refuseConnections = false;
    await pump.until(isDone);
    expect(pump.world.seeAll()).toHaveLength(3);
    expect(pump.reports.at(-1)).toEqual({ state: 'open', code: 'directory-unavailable' });
  });
});

describe('the same configuration-class code on 20 objects', () => {
  it('halts with the rest queued, and one success at the trial opens the lanes', async () => {
    const { domain } = pump.world;
    const add = domain.add.bind(domain);
    let hasRights = false;
    // Outside the destination the service account has none.
    domain.add = (actor, dn, attributes) => add(actor, hasRights ? dn : `CN=x,${domain.base}`, attributes);
    const words = Array.from({ length: 40 }, (_, each) => `user${each}`);
    pump.bus.enqueue(...words.map((word) => userPresent(word)));
    await pump.until(() => pump.reports.some(({ state }) => state === 'halted'));
    expect(pump.bus.results).toHaveLength(19);
    expect(pump.bus.depth()).toBe(21);
    hasRights = true;
    await pump.until(isDone);
    expect(pump.world.seeAll()).toHaveLength(21);
  });
});
