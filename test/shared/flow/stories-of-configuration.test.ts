import { beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/domain/settings.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { membersOf, notify } from './in-scope.ts';
import { defaultUsers, settingsWith } from './settings-with.ts';

const people = Array.from({ length: 12 }, (_, n) => idOf('user', n));
const [ann = idOf('user', 0)] = people;

let flow: Flow;
beforeEach(async () => {
  flow = createFlow(seeded(17), { pagesInFlight: 1 });
  for (const id of people) flow.tenant.putUser(id);
  for (const n of [0, 1]) flow.tenant.putGroup(idOf('group', n));
  flow.tenant.addMember(idOf('group', 0), { id: ann, type: 'user' });
  flow.sweep();
  await flow.drain();
});

/** The defaults, and one attribute more. */
const withInfo = (text: string): Settings =>
  settingsWith({
    users: {
      attributes: {
        ...defaultUsers.attributes,
        info: { from: () => text, when: 'always', empty: 'clear' },
      },
    },
  });
async function deploy(settings: Settings): Promise<number> {
  const before = flow.relay.applied.length;
  flow.configure(settings);
  flow.sweep();
  await flow.drain();
  return flow.relay.applied.slice(before).filter(({ type }) => type === 'user').length;
}

describe('[config.full-round] a configuration', () => {
  it('that changed what everybody should be writes everybody again', async () => {
    expect(await deploy(withInfo('written by us'))).toBe(people.length);
    expect(differencesFromExpected(flow)).toEqual([]);
    expect((await flow.state.cursor('user'))?.mapping).toBe(flow.writeback.hash);
  });

  it('that is the same writes nobody, and reads nobody', async () => {
    const pages = flow.tenant.reads.pages;
    expect(await deploy(flow.writeback)).toBe(0);
    // One page of each kind's incremental round.
    expect(flow.tenant.reads.pages - pages).toBe(2);
  });

  it('that changed without changing what anybody should be reads everybody and writes nobody', async () => {
    const pages = flow.tenant.reads.pages;
    expect(await deploy(settingsWith({}))).toBe(0);
    expect(flow.tenant.reads.pages - pages).toBeGreaterThan(4);
  });

  it('that changes in the middle of a full round begins it anew; the round that ends is of the last one', async () => {
    flow.configure(withInfo('first'));
    flow.sweep();
    for (let n = 0; n < 15; n++) await flow.step();
    expect((await flow.state.cursor('user'))?.round?.type).toBe('full');
    await deploy(withInfo('second'));
    const cursor = await flow.state.cursor('user');
    expect(cursor).toMatchObject({ mapping: flow.writeback.hash, round: undefined });
    expect(differencesFromExpected(flow)).toEqual([]);
    const rounds = new Set(
      flow.state.everyRow().flatMap(({ kind, round }) => (kind === 'user' ? [round] : [])),
    );
    expect(rounds.size).toBe(1);
  });

  it('that is taken back before its full round began is followed by one under the old one', async () => {
    const late = idOf('user', 20);
    flow.tenant.putUser(late);
    flow.tenant.addMember(idOf('group', 0), { id: late, type: 'user' });
    await notify(flow, 'group', idOf('group', 0));
    const old = flow.writeback;
    flow.configure(withInfo('for a minute'));
    // Its completion is left to the groups' full round, as everybody's who enters before it.
    await notify(flow, 'user', late);
    expect(membersOf(flow, idOf('group', 0))).toEqual([`u:${ann}`]);
    await deploy(old);
    expect(membersOf(flow, idOf('group', 0))).toContain(`u:${late}`);
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('that leaves people out lets them leave', async () => {
    const filter = ({ id }: { id: string }): boolean => id !== ann;
    await deploy(settingsWith({ users: { scope: { ...defaultUsers.scope, filter } } }));
    expect(flow.relay.entry('user', ann)).toMatchObject({ suspended: true, enabled: false });
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('[users.leaving.leavers-ou] that has another policy applies it to who has left before', async () => {
    flow.tenant.remove('user', ann);
    await deploy(flow.writeback);
    expect(flow.relay.entry('user', ann)?.place).toBe('destination');
    await deploy(settingsWith({ users: { leaving: { ...defaultUsers.leaving, softDelete: 'leavers' } } }));
    expect(flow.relay.entry('user', ann)?.place).toBe('leavers');
  });

  it('that writes no users any more disables them, deletes nobody, and goes on with groups', async () => {
    await deploy(settingsWith({ users: false }));
    expect(flow.relay.entries().filter(({ kind, enabled }) => kind === 'user' && enabled)).toEqual([]);
    expect(flow.relay.entries().filter(({ kind }) => kind === 'user')).toHaveLength(people.length);
    expect(flow.relay.entry('group', idOf('group', 0))).toMatchObject({
      suspended: false,
      members: new Set(),
    });
  });
});

describe('a mapping that gives something else with every read', () => {
  const counting = (when: 'always' | 'creation'): Settings => {
    let reads = 0;
    const info = { from: () => `read ${++reads}`, when, empty: 'clear' } as const;
    return settingsWith({ users: { attributes: { ...defaultUsers.attributes, info } } });
  };
  const newcomer = idOf('user', 20);
  const commandsFor = (id: typeof ann): number => flow.relay.applied.filter((one) => one.id === id).length;

  it('[users.attributes.when] for a new entry only: it is written once', async () => {
    await deploy(counting('creation'));
    expect(commandsFor(ann)).toBe(1);
    flow.tenant.putUser(newcomer);
    flow.ring('users', { type: 'look', ids: [newcomer] });
    await flow.drain();
    expect(commandsFor(newcomer)).toBe(1);
  });

  it('always: it is written a few times, then rests', async () => {
    await deploy(counting('always'));
    const before = commandsFor(ann);
    flow.ring('users', { type: 'look', ids: [ann] });
    await flow.drain();
    expect(commandsFor(ann) - before).toBeLessThan(8);
  });

  it('[parking.schedule] rejected: every failure leads to a few more, not to ever more', async () => {
    flow.configure(counting('creation'));
    flow.sweep();
    await flow.drain();
    flow.tenant.putUser(newcomer);
    flow.relay.rejections = 10_000;
    flow.ring('users', { type: 'look', ids: [newcomer] });
    const until = flow.clock.now() + 12 * 3_600_000;
    while (flow.clock.now() < until) if (!(await flow.step())) flow.clock.advance(10_000);
    expect(10_000 - flow.relay.rejections).toBeLessThan(12 * 8);
  });
});

describe('[config.throws] a mapping that throws', () => {
  const failing = (): Settings =>
    settingsWith({
      users: {
        attributes: {
          ...defaultUsers.attributes,
          info: {
            from: ({ id }) => {
              if (id === ann) throw new RangeError(`cannot map ${id}`);
              return 'fine';
            },
            when: 'always',
            empty: 'clear',
          },
        },
      },
    });

  it('[parking.others-flow] parks that object only; what was written of it stays', async () => {
    const values = flow.relay.entry('user', ann)?.values;
    flow.configure(failing());
    flow.sweep();
    // Its schedule goes on for ever; an hour is enough.
    const until = flow.clock.now() + 3_600_000;
    while (flow.clock.now() < until) if (!(await flow.step())) flow.clock.advance(10_000);
    expect(flow.state.row('user', ann)).toMatchObject({
      ...{ state: 'present', outcome: 'rejected', code: 'mapping-failed' },
      reason: expect.stringContaining('users.attributes.info threw RangeError') as string,
    });
    expect(flow.state.row('user', ann)?.reason).not.toContain('cannot map');
    expect(flow.relay.entry('user', ann)).toMatchObject({ values, suspended: false });
    const others = people.filter((id) => id !== ann).map((id) => flow.relay.entry('user', id)?.values ?? '');
    expect(others.filter((text) => !text.includes('fine'))).toEqual([]);
  });

  it('corrected, it is written with the full round that follows', async () => {
    flow.configure(failing());
    flow.sweep();
    for (let n = 0; n < 200; n++) if (!(await flow.step())) flow.clock.advance(1_000);
    expect(flow.state.row('user', ann)?.code).toBe('mapping-failed');
    await deploy(withInfo('corrected'));
    expect(flow.state.row('user', ann)).toMatchObject({ code: '', ringAt: null });
    expect(differencesFromExpected(flow)).toEqual([]);
  });
});
