import { describe, expect, it } from 'vitest';
import { type Applied, appliedFrom, hasEffect } from '../../../local/story/applied.ts';
import type { Change, Effect } from '../../../local/story/change.ts';
import { lagFigures, lagsOf } from '../../../local/story/lag.ts';

const change = (effect: Effect, at: number): Change => ({
  what: 'x',
  target: 'a',
  effect,
  sentAt: at - 10,
  respondedAt: at,
});

const line = (of: Applied['of'], commit: number, rest: Partial<Applied> = {}): Applied => ({
  msg: 'applied',
  id: 'a',
  of,
  outcome: 'updated',
  changed: [],
  added: 0,
  removed: 0,
  times: { ring: 0, commit },
  ...rest,
});

const lags = (changes: Change[], lines: Applied[]) => lagsOf(changes, lines).map(({ lagMs }) => lagMs);

describe('lag', () => {
  it('ends with the first line after the request that changed the attribute', () => {
    const lines = [
      line('user', 50, { changed: ['title'] }),
      line('user', 150, { changed: ['mail'] }),
      line('user', 300, { changed: ['title'] }),
    ];
    expect(lags([change({ type: 'attribute', id: 'a', name: 'title' }, 100)], lines)).toEqual([200]);
  });

  it('tells creation, suspension and deletion apart', () => {
    const lines = [
      line('user', 110, { outcome: 'created' }),
      line('user', 250, { outcome: 'suspended' }),
      line('user', 400, { outcome: 'deleted' }),
    ];
    const entry = (outcome: 'created' | 'suspended' | 'deleted', at: number) =>
      change({ type: 'entry', id: 'a', outcome }, at);
    expect(lags([entry('created', 100), entry('suspended', 200), entry('deleted', 300)], lines)).toEqual([
      10, 50, 100,
    ]);
  });

  it('takes an entry for created that waits for its sign-in name still', () => {
    const waiting = line('user', 130, {
      ...{ outcome: 'rejected', code: 'name-awaited', changed: ['cn', 'sAMAccountName'] },
    });
    expect(lags([change({ type: 'entry', id: 'a', outcome: 'created' }, 100)], [waiting])).toEqual([30]);
  });

  it('counts members, because one difference may carry several changes', () => {
    const add = (added: number, at: number) => change({ type: 'members', id: 'a', added, removed: 0 }, at);
    const lines = [line('difference', 130, { added: 1 }), line('difference', 260, { added: 21 })];
    expect(lags([add(1, 100), add(1, 120), add(20, 200)], lines)).toEqual([30, 140, 60]);
    const remove = change({ type: 'members', id: 'a', added: 0, removed: 1 }, 300);
    expect(lags([remove], [...lines, line('slice', 330, { removed: 1 })])).toEqual([30]);
  });

  it('is not measured for what cannot reach AD, and unknown for what no line shows', () => {
    const unseen = change({ type: 'attribute', id: 'b', name: 'title' }, 100);
    expect(lags([change({ type: 'nothing' }, 100), unseen], [])).toEqual([undefined]);
  });

  it('has figures by nearest rank', () => {
    const measured = Array.from({ length: 100 }, (_, at) => ({
      change: change({ type: 'nothing' }, 0),
      lagMs: at + 1,
    }));
    expect(lagFigures(measured)).toEqual({ p50: 50, p95: 95, max: 100 });
    expect(lagFigures([])).toEqual({ p50: 0, p95: 0, max: 0 });
  });
});

describe('lines of the relay', () => {
  it('are read, and others are passed over', () => {
    const printed: unknown = { ...line('user', 5, { changed: ['title'] }), level: 30 };
    expect(appliedFrom(printed)?.changed).toEqual(['title']);
    for (const other of [undefined, {}, { text: 'x' }, { msg: 'started' }, { msg: 'applied' }])
      expect(appliedFrom(other)).toBeUndefined();
  });

  it('have an effect where AD is different afterwards', () => {
    expect(hasEffect(line('user', 1))).toBe(false);
    expect(hasEffect(line('user', 1, { outcome: 'created' }))).toBe(true);
    expect(hasEffect(line('slice', 1, { removed: 2 }))).toBe(true);
  });
});
