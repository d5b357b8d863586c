import { expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import { measuredState } from '../../../shared/measuring/measured-state.ts';
import { createGroupsReader } from '../../../shared/reading/read-groups.ts';
import { createUsersReader } from '../../../shared/reading/read-users.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';
import { ringOf } from '../flow/flow.ts';
import { readerParts } from '../reading/reader-parts.ts';

function scene() {
  const telemetry = new FakeTelemetry();
  const parts = readerParts();
  const state = measuredState(parts.state, telemetry);
  const deps = { ...parts.deps, state };
  const readers = { users: createUsersReader(deps), groups: createGroupsReader(deps) };
  const round = async (to: 'users' | 'groups') => {
    const ring = ringOf(to, { type: 'round' }, { now: parts.clock.now(), more: {} });
    for await (const step of readers[to]([ring], new AbortController().signal)) {
      parts.clock.advance(1_000);
      await step.commit?.();
    }
  };
  return { ...parts, state, telemetry, round };
}

const told = ({ measurements }: FakeTelemetry) =>
  measurements.map(({ metric, value, dimensions: { kind, type } }) => `${metric} ${kind} ${type} ${value}`);

it('tells the pages and the duration of a full round, then of an incremental one', async () => {
  const { telemetry, round, tenant, clock } = scene();
  await round('users');
  expect(told(telemetry)[0]).toBe('writeback.round.pages user full 1');
  const [duration, ...others] = telemetry.of('writeback.round.duration', { type: 'full' });
  expect(others).toEqual([]);
  expect(duration?.value).toBeGreaterThan(0);
  expect(duration?.value).toBeLessThan(10);

  telemetry.measurements.length = 0;
  clock.advance(300_000);
  tenant.putUser(idOf('user', 1));
  await round('users');
  expect(telemetry.of('writeback.round.pages')).toEqual(
    telemetry.of('writeback.round.pages', { kind: 'user', type: 'incremental' }),
  );
  expect(telemetry.of('writeback.round.pages').length).toBeGreaterThan(0);
  const incremental = telemetry.of('writeback.round.duration', { kind: 'user', type: 'incremental' });
  expect(incremental).toHaveLength(1);
  // From the beginning of this round, not from the one before.
  expect(incremental[0]?.value).toBeLessThan(60);
});

it('does not take the lists that follow a full round of groups for pages', async () => {
  const { telemetry, round, tenant } = scene();
  tenant.putGroup(idOf('group', 1));
  await round('users');
  telemetry.measurements.length = 0;
  await round('groups');
  await round('groups');
  expect(telemetry.of('writeback.round.pages', { kind: 'group', type: 'full' })).toHaveLength(1);
});

it('tells nothing of a cursor that somebody else had written', async () => {
  const { state, telemetry } = scene();
  const cursor = {
    kind: 'user' as const,
    epoch: 1,
    owner: 'a',
    link: 'l1',
    round: undefined,
    listing: false,
  };
  const rest = { lastRoundStartedAt: undefined, lastFullRoundEndedAt: undefined, mapping: undefined };
  const saved = { ...cursor, ...rest, lastRoundEndedAt: undefined, tag: undefined };
  await state.saveCursor(saved);
  expect(await state.saveCursor({ ...saved, lastRoundEndedAt: epochMs(5), tag: 'old' })).toBe('conflict');
  expect(telemetry.measurements).toEqual([]);
});
