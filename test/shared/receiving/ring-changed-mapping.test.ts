import { expect, test } from 'vitest';
import type { Kind } from '../../../shared/domain/object-id.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import { ringChangedMapping } from '../../../shared/receiving/ring-changed-mapping.ts';
import type { NewRing } from '../../../shared/receiving/rings-for.ts';
import { fakeDoorbell } from '../../fakes/doorbell.ts';
import { fakeState } from '../../fakes/state.ts';

const ringing = { now: epochMs(1_795_000_000_000) };

async function rungFor(mappings: Partial<Record<Kind, string>>): Promise<NewRing[]> {
  const state = fakeState();
  for (const kind of Object.keys(mappings) as Kind[]) {
    await state.saveCursor({
      ...{ kind, epoch: 1, owner: 'test', link: 'link', round: undefined, listing: false, tag: undefined },
      ...{ lastRoundStartedAt: undefined, lastRoundEndedAt: undefined, lastFullRoundEndedAt: undefined },
      mapping: mappings[kind],
    });
  }
  const outbox = fakeDoorbell();
  await ringChangedMapping({ state, outbox }, ringing, 'new');
  return outbox.sent;
}

test('[config.full-round] a start under another configuration rings for a round of what was read under the old one', async () => {
  const sent = await rungFor({ user: 'old', group: 'new' });
  expect(sent.map(({ to, message }) => [to, 'want' in message && message.want])).toEqual([
    ['users', { type: 'round' }],
  ]);
});

test('a start under the same configuration, or before anything was read, rings nobody', async () => {
  expect(await rungFor({ user: 'new', group: 'new' })).toEqual([]);
  expect(await rungFor({})).toEqual([]);
});
