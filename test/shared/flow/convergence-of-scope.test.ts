import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { everyoneWithin } from '../../fakes/world.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { membersOf, written } from './in-scope.ts';

/*
 * Chosen and denied groups whose members, nesting and lives change at random, while rings are lost, repeated and late, readers
 * crash and replicas lag. In the end, who is written is who the groups say, and so are managers and members.
 */

const users = [0, 1, 2, 3].map((n) => idOf('user', n));
/** The first chooses, the last denies; those between are nested as it happens. */
const groups = [0, 1, 2, 3].map((n) => idOf('group', n));
const [chosen, denied] = [groups[0] as ObjectId, groups[3] as ObjectId];

type Happening =
  | { what: 'add' | 'drop'; group: number; member: number }
  | { what: 'remove-group' | 'restore-group' | 'remove-user' | 'restore-user'; n: number }
  | { what: 'manager'; n: number; manager: number }
  | { what: 'sweep' | 'crash-users' | 'crash-groups' | 'restart' | 'expire' | 'wait'; n: number };
type Told = Happening & { rings: number; steps: number };

const few = fc.integer({ min: 0, max: 3 });
const member = fc.record({ group: few, member: fc.integer({ min: 0, max: 7 }) });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: member.map((one) => ({ what: 'add' as const, ...one })) },
  { weight: 3, arbitrary: member.map((one) => ({ what: 'drop' as const, ...one })) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('remove-group' as const, 'restore-group', 'remove-user', 'restore-user'),
      n: few,
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('manager' as const), n: few, manager: few }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('sweep' as const, 'crash-users', 'crash-groups', 'restart', 'expire', 'wait'),
      n: fc.integer({ min: 1, max: 40 }),
    }),
  },
);
const told: fc.Arbitrary<Told> = fc
  .tuple(happening, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 12 }))
  .map(([one, rings, steps]) => ({ ...one, rings, steps }));

/** How it is told: by replicas that lag, and whether the groups decide about groups as well as about users. */
type Telling = { lagMs: number; groupsToo: boolean };

/** What happens, and about whom a notification comes. */
function happen(flow: Flow, one: Happening): { to: 'users' | 'groups'; id: ObjectId } | undefined {
  const { tenant } = flow;
  if (one.what === 'add' || one.what === 'drop') {
    const id = groups[one.group] as ObjectId;
    const type = one.member < 4 ? 'user' : 'group';
    const about = (type === 'user' ? users[one.member] : groups[one.member - 4]) as ObjectId;
    if (one.what === 'add') tenant.addMember(id, { id: about, type });
    else tenant.removeMember(id, about);
    return { to: 'groups', id };
  }
  if (!('n' in one)) return undefined;
  const [user, group] = [users[one.n % 4] as ObjectId, groups[one.n % 4] as ObjectId];
  if (one.what === 'manager') tenant.setManager(user, users[one.manager] as ObjectId);
  if (one.what === 'remove-user') tenant.remove('user', user);
  if (one.what === 'restore-user') tenant.restore('user', user);
  if (one.what === 'remove-group') tenant.remove('group', group);
  if (one.what === 'restore-group') tenant.restore('group', group);
  if (one.what === 'manager' || one.what.endsWith('-user')) return { to: 'users', id: user };
  if (one.what.endsWith('-group')) return { to: 'groups', id: group };
  disturb(flow, one);
  return undefined;
}

function disturb(flow: Flow, one: { what: string; n: number }): void {
  const kind = one.n % 2 === 0 ? 'user' : 'group';
  if (one.what === 'sweep') flow.sweep();
  if (one.what === 'crash-users') flow.crashNext.add('user');
  if (one.what === 'crash-groups') flow.crashNext.add('group');
  if (one.what === 'restart') flow.restart(kind);
  if (one.what === 'expire') flow.tenant.expired.add(kind);
  if (one.what === 'wait') flow.clock.advance(one.n * 1_000);
}

async function play(story: readonly Told[], seed: number, { lagMs, groupsToo }: Telling): Promise<Flow> {
  const random = seeded(seed);
  const flow = createFlow(random);
  const rules = { groups: [chosen], deny: [denied] };
  flow.configure(settingsFrom({ users: rules, ...(groupsToo ? { groups: rules } : {}) }));
  for (const id of users) flow.tenant.putUser(id);
  for (const id of groups) flow.tenant.putGroup(id);
  const changedAt = Array.from({ length: 8 }, () => flow.clock.now() as number);
  flow.sweep();
  await flow.drain();
  const lag = () => {
    const seenUntil = flow.clock.now() - random() * lagMs;
    return lagMs === 0 ? 0 : changedAt.filter((at) => at > seenUntil).length;
  };
  flow.tenant.lag = { reads: lag, pages: lag };
  for (const one of story) {
    const before = flow.tenant.world();
    const about = happen(flow, one);
    if (flow.tenant.world() !== before) changedAt.push(flow.clock.now());
    for (let n = 0; about !== undefined && n < one.rings; n++) {
      flow.ring(about.to, { type: 'look', ids: [about.id] });
      const ring = flow.doorbells[about.to].at(-1);
      if (ring !== undefined) ring.dueAt += Math.floor(random() * 20_000);
    }
    for (let n = 0; n < one.steps; n++) if (!(await flow.step())) flow.clock.advance(500);
  }
  flow.crashNext.clear();
  flow.clock.advance(lagMs);
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  flow.sweep();
  await flow.drain();
  return flow;
}

/** What is wrong, in words. */
function wrong(flow: Flow, groupsToo: boolean): string[] {
  const world = flow.tenant.world();
  const inChosen = everyoneWithin(world, { groups: [chosen], nested: true });
  const isDenied = everyoneWithin(world, { groups: [denied], nested: true });
  const expected = users.filter((id) => inChosen.users.has(id) && !isDenied.users.has(id));
  const live = groups.filter((id) => world.groups.get(id)?.deleted === false);
  const isAllowed = (id: ObjectId) => inChosen.groups.has(id) && !isDenied.groups.has(id) && id !== denied;
  const expectedGroups = groupsToo ? live.filter(isAllowed) : live;
  const all = [...expected, ...expectedGroups];
  const actual = [...written(flow, 'user'), ...written(flow, 'group')];
  const problems = [
    ...actual.filter((id) => !all.includes(id)).map((id) => `${id} is written`),
    ...all.filter((id) => !actual.includes(id)).map((id) => `${id} is not written`),
  ];
  for (const id of expectedGroups) {
    const members = [...(world.members.get(id) ?? [])].flatMap(([about, type]) => {
      if (type === 'user') return expected.includes(about) ? [`u:${about}`] : [];
      return expectedGroups.includes(about) ? [`g:${about}`] : [];
    });
    const listed = membersOf(flow, id);
    if (members.sort().join() !== listed.join()) problems.push(`${id} lists ${listed.join()}`);
  }
  for (const id of expected) {
    const manager = world.managers.get(id);
    const named = flow.relay.entry('user', id)?.manager;
    const name = typeof named === 'object' ? named.id : named;
    const should = manager !== undefined && expected.includes(manager) ? manager : undefined;
    if (name !== should) problems.push(`${id} reports to ${name}`);
  }
  return problems;
}

const runs = { numRuns: Number(process.env['FLOW_RUNS'] ?? 30) };
const stories = fc.array(told, { minLength: 5, maxLength: 40, size: 'max' });
const seeds = fc.integer({ min: 0, max: 1_000_000 });

test.each([
  { told: 'at once', lagMs: 0, groupsToo: false },
  { told: 'by replicas that lag up to 30 seconds', lagMs: 30_000, groupsToo: false },
  { told: 'at once, of groups as well', lagMs: 0, groupsToo: true },
  { told: 'of groups as well, by replicas that lag up to 30 seconds', lagMs: 30_000, groupsToo: true },
])(
  '[users.scope.groups] [users.scope.deny] [users.scope.entering-leaving] [groups.scope.rules] whatever happens to chosen and denied groups, told $told: who is written is who they say',
  async (telling) => {
    await fc.assert(
      fc.asyncProperty(stories, seeds, async (story, seed) => {
        expect(wrong(await play(story, seed, telling), telling.groupsToo)).toEqual([]);
      }),
      runs,
    );
  },
  60_000,
);
