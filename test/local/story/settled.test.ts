import { describe, expect, it } from 'vitest';
import { NotSettled, settled } from '../../../local/story/settled.ts';
import type { Verdict } from '../../../local/verify/compare.ts';

const verdict = (...what: string[]): Verdict => ({
  differences: what.map((text) => ({ kind: 'attribute', what: text })),
  compared: 10,
  counts: { users: 1, groups: 1, memberships: 1 },
  identities: {},
});

/** Waits with a clock of its own: what is outstanding and what a look sees, look by look (the last ones stay). */
function wait(outstanding: string[][], looks: Verdict[], timeoutMs = 60_000) {
  let time = 0;
  const told: string[] = [];
  const result = settled({
    outstanding: () => Promise.resolve(next(outstanding) ?? []),
    look: () => Promise.resolve(next(looks) ?? verdict()),
    timeoutMs,
    onProgress: (text) => told.push(text),
    now: () => time,
    sleep: (ms) => {
      time += ms;
      return Promise.resolve();
    },
  });
  return { result, told, time: () => time };
}

const next = <T>(list: T[]): T | undefined => (list.length > 1 ? list.shift() : list[0]);

describe('settled', () => {
  it('needs nothing outstanding and two equal comparisons, two seconds apart', async () => {
    const waiting = wait([['3 in writes'], ['1 in users'], []], [verdict('x'), verdict(), verdict()]);
    expect((await waiting.result).differences).toEqual([]);
    expect(waiting.told[0]).toBe('3 in writes');
    expect(waiting.time()).toBe(500 + 500 + 2_000 + 2_000);
  });

  it('begins anew when work appears between two comparisons', async () => {
    const waiting = wait([[], ['1 in results'], [], []], [verdict('old'), verdict('new'), verdict('new')]);
    expect((await waiting.result).differences.map((one) => one.what)).toEqual(['new']);
  });

  it('answers differences that stay, instead of waiting for ever', async () => {
    expect((await wait([[]], [verdict('stays')]).result).differences).toHaveLength(1);
  });

  it('fails honestly when the time is over', async () => {
    const waiting = wait([['2 parked']], [verdict()], 5_000);
    await expect(waiting.result).rejects.toThrow(NotSettled);
    await expect(waiting.result).rejects.toThrow('2 parked');
  });
});
