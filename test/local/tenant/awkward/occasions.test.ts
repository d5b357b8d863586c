import { describe, expect, test } from 'vitest';
import { type Behaviour, behaviours, behavioursNamed } from '../../../../local/tenant/awkward/behaviours.ts';
import { Occasions } from '../../../../local/tenant/awkward/occasions.ts';

const names = Object.keys(behaviours) as Behaviour[];

/** At which of so many opportunities a behaviour shows itself. */
function strikesOf(name: Behaviour, seed: number, opportunities: number, before = 0): number[] {
  const counts = new Map<string, number>(before > 0 ? [[name, before]] : []);
  const occasions = new Occasions({
    enabled: new Set([name]),
    seed,
    counts,
    occurred: (one) => counts.set(one, (counts.get(one) ?? 0) + 1),
  });
  return Array.from({ length: opportunities }, (_, index) => index).filter(() => occasions.strikes(name));
}

describe('Occasions', () => {
  test.each(names)('%s shows itself early, keeps its gap, and not more often than it may', (name) => {
    const { firstBy, gap, ...rest } = behaviours[name];
    for (let seed = 0; seed < 50; seed += 1) {
      const strikes = strikesOf(name, seed, 300);
      expect(strikes[0]).toBeLessThan(firstBy);
      strikes.forEach((at, index) => {
        if (index > 0) expect(at - (strikes[index - 1] ?? 0)).toBeGreaterThan(gap);
      });
      if ('atMost' in rest) expect(strikes.length).toBeLessThanOrEqual(rest.atMost);
    }
  });

  test('the same seed gives the same occasions, another seed others', () => {
    expect(strikesOf('replayed-items', 7, 200)).toEqual(strikesOf('replayed-items', 7, 200));
    expect(strikesOf('replayed-items', 7, 200)).not.toEqual(strikesOf('replayed-items', 8, 200));
  });

  test('what happened before a restart counts', () => {
    expect(strikesOf('resync', 1, 1_000, behaviours.resync.atMost)).toEqual([]);
  });

  test('a behaviour that is not enabled never shows itself', () => {
    const occasions = new Occasions({ enabled: new Set(), seed: 1, counts: new Map(), occurred: () => {} });
    expect(names.some((name) => occasions.strikes(name))).toBe(false);
  });
});

test('the setting: nothing, all, or a list of known names', () => {
  expect(behavioursNamed('')).toEqual(new Set());
  expect(behavioursNamed('all')).toEqual(new Set(names));
  expect(behavioursNamed('throttled, resync')).toEqual(new Set(['throttled', 'resync']));
  expect(behavioursNamed('throttled,nonsense')).toBeUndefined();
});
