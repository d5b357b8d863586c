import { expect, test } from 'vitest';
import type { Ring } from '../../../shared/contracts/ring.ts';
import { mergeRings } from '../../../shared/reading/merge-rings.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { ringOf } from '../flow/flow.ts';

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];
const trace = (n: number): string => `00-${String(n).repeat(32)}-${'2'.repeat(16)}-01`;
const look = (ids: (typeof ann)[], more: Partial<Ring>): Ring =>
  ringOf('users', { type: 'look', ids }, { now: 0, more });

test('per object: the earliest event with its trace, the highest attempt, and whether a notification rang', () => {
  const { looks } = mergeRings('user', [
    look([ann, bob], { traceparent: trace(1), times: { event: 200, ring: 210 }, cause: 'again', attempt: 2 }),
    look([ann], { traceparent: trace(3), times: { event: 100, ring: 300 } }),
  ]);
  expect(looks).toEqual([
    {
      id: ann,
      traceparent: trace(3),
      event: 100,
      ring: 300,
      attempt: 2,
      fresh: true,
      forced: false,
      parked: false,
      nameWanted: false,
    },
    {
      id: bob,
      traceparent: trace(1),
      event: 200,
      ring: 210,
      attempt: 2,
      fresh: false,
      forced: false,
      parked: false,
      nameWanted: false,
    },
  ]);
});

test('a hint at a group is a hint at a round; a hint at a user is not', () => {
  const ring = look([ann], {});
  expect(mergeRings('user', [ring]).round).toBeUndefined();
  expect(mergeRings('group', [ring]).round).toBeDefined();
  expect(mergeRings('group', [{ ...ring, cause: 'parked' }]).round).toBeUndefined();
});

test('candidates of a member unite; a fresh question wins over its repetition', () => {
  const [staff, team] = [idOf('group', 1), idOf('group', 2)];
  const ask = (groups: (typeof staff)[], attempt: number): Ring =>
    ringOf(
      'groups',
      { type: 'memberships', members: [{ kind: 'user', id: ann, groups }] },
      { now: 0, more: { attempt } },
    );
  const { members } = mergeRings('group', [ask([staff], 1), ask([team], 0)]);
  expect(members).toMatchObject([{ id: ann, groups: new Set([staff, team]), attempt: 0 }]);
});

test('a list that is to be repeated wins over a repetition', () => {
  const list = (attempt: number): Ring =>
    ringOf('groups', { type: 'members', ids: [ann] }, { now: 0, more: { attempt } });
  expect(mergeRings('group', [list(1), list(0)]).looks[0]?.list).toEqual({ type: 'first' });
  expect(mergeRings('group', [list(1), list(1)]).looks[0]?.list).toEqual({ type: 'repetition' });
  expect(mergeRings('group', [list(3), list(1)]).looks[0]?.list).toEqual({ type: 'retry', attempt: 2 });
});

test('whoever waits for a name is not forgotten when rings merge', () => {
  const wanted = ringOf(
    'users',
    { type: 'look', ids: [ann], nameWanted: true },
    { now: 0, more: { cause: 'name' } },
  );
  expect(mergeRings('user', [wanted, look([ann], {})]).looks[0]).toMatchObject({
    nameWanted: true,
    fresh: true,
  });
});

test('managers whose reports are wanted, and the question whose scope changed, are asked once each', () => {
  const ring = (want: Ring['want'], attempt = 0): Ring =>
    ringOf('users', want, { now: attempt, more: { attempt } });
  const asked = mergeRings('user', [
    ring({ type: 'reports', ids: [ann, bob] }),
    ring({ type: 'reports', ids: [ann] }),
    ring({ type: 'scope' }, 2),
    ring({ type: 'scope' }, 1),
  ]);
  expect(asked.reports.map(({ id }) => id)).toEqual([ann, bob]);
  expect(asked.scope).toMatchObject({ attempt: 1 });
  expect(asked.looks).toEqual([]);
});

test('a departure forces the second look at who left, not the first at its reports', () => {
  const forced = (attempt: number) =>
    mergeRings('user', [look([ann], { cause: 'departure', attempt })]).looks[0]?.forced;
  expect([forced(0), forced(1)]).toEqual([false, true]);
});
