import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import type { Cursor, State } from '../../../shared/ports.ts';
import { aTime, type Opened } from './opened.ts';

const wholeCursor: Omit<Cursor, 'tag'> = {
  kind: 'group',
  epoch: 3,
  owner: 'instance-1',
  link: 'https://graph.microsoft.com/v1.0/groups/delta?$deltatoken=abc',
  round: { id: 'r1', type: 'full', startedAt: aTime, pagesSent: 4, pagesDone: 2 },
  lastRoundStartedAt: aTime,
  lastRoundEndedAt: epochMs(aTime + 1),
  lastFullRoundEndedAt: epochMs(aTime + 2),
  mapping: 'a-hash',
  listing: true,
};
const bareCursor: Omit<Cursor, 'tag'> = {
  kind: 'user',
  epoch: 0,
  owner: 'instance-1',
  link: undefined,
  round: undefined,
  lastRoundStartedAt: undefined,
  lastRoundEndedAt: undefined,
  lastFullRoundEndedAt: undefined,
  mapping: undefined,
  listing: false,
};

async function tagOf(state: State, cursor: Parameters<State['saveCursor']>[0]): Promise<string> {
  const saved = await state.saveCursor(cursor);
  if (saved === 'conflict') throw new Error('conflict');
  return saved.tag;
}

/** Where a kind’s rounds stand, and who may say so. */
export function describeCursors(open: () => Promise<Opened>): void {
  describe('cursor, saveCursor', () => {
    it('has no cursor at first', async () => {
      const { state } = await open();
      expect(await state.cursor('user')).toBeUndefined();
    });

    it('gives back the whole cursor with the tag that saving answered', async () => {
      const { state } = await open();
      const tag = await tagOf(state, { ...wholeCursor, tag: undefined });
      expect(await state.cursor('group')).toEqual({ ...wholeCursor, tag });
      expect(await state.cursor('user')).toBeUndefined();
    });

    it('gives back a bare cursor, and forgets what a later save leaves out', async () => {
      const { state } = await open();
      const tag = await tagOf(state, { ...wholeCursor, kind: 'user', tag: undefined });
      const next = await tagOf(state, { ...bareCursor, tag });
      expect(next).not.toBe(tag);
      expect(await state.cursor('user')).toEqual({ ...bareCursor, tag: next });
    });

    it('keeps a link of 100,000 characters, and a shorter one after it', async () => {
      const { state } = await open();
      const link = `https://graph.microsoft.com/v1.0/users/delta?$skiptoken=${'x'.repeat(100_000)}`;
      const tag = await tagOf(state, { ...bareCursor, link, tag: undefined });
      expect((await state.cursor('user'))?.link).toBe(link);
      await tagOf(state, { ...bareCursor, link: 'https://short', tag });
      expect((await state.cursor('user'))?.link).toBe('https://short');
    });

    it('answers conflict to a second creation and to an old tag, and changes nothing', async () => {
      const { state } = await open();
      const first = await tagOf(state, { ...bareCursor, tag: undefined });
      expect(await state.saveCursor({ ...bareCursor, epoch: 9, tag: undefined })).toBe('conflict');
      const second = await tagOf(state, { ...bareCursor, epoch: 1, tag: first });
      expect(await state.saveCursor({ ...bareCursor, epoch: 9, tag: first })).toBe('conflict');
      expect(await state.cursor('user')).toEqual({ ...bareCursor, epoch: 1, tag: second });
    });

    it('lets exactly one of ten savers with the same tag win', async () => {
      const { state } = await open();
      const tag = await tagOf(state, { ...bareCursor, tag: undefined });
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, n) => state.saveCursor({ ...bareCursor, epoch: n + 1, tag })),
      );
      expect(outcomes.filter((outcome) => outcome !== 'conflict')).toHaveLength(1);
    });
  });
}
