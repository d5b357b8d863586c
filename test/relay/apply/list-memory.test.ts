import { describe, expect, it } from 'vitest';
import { type ListInHand, ListMemory } from '../../../relay/apply/list-memory.ts';
import type { Guid } from '../../../relay/ports.ts';
import type { Slice } from '../../../shared/contracts/command.ts';
import { slice } from '../build-command.ts';

/** A clock that stands until it is moved. */
function standing() {
  const clock = { ms: 0, monotonicMs: () => clock.ms };
  return clock;
}

function listOf(count: number, readMs = 0): ListInHand {
  const members = new Map(Array.from({ length: count }, (_, n) => [`guid-${n}` as Guid, `u:${n}`]));
  return { members, readMs, misses: { confirmed: 0, allRead: false } };
}

/** Slices of one list, as the reader numbers them. */
function slices(group: string, count: number, epoch = 1): Slice[] {
  const { order } = slice(group, []);
  return Array.from({ length: count }, (_, number) =>
    slice(group, [], {
      number,
      count,
      from: number === 0 ? '' : `u:${number}`,
      to: number + 1 === count ? null : `u:${number + 1}`,
      order: { epoch, sequence: order.sequence + number },
    }),
  );
}

const at = (list: readonly Slice[], number: number): Slice => list[number] as Slice;

describe('the memory of lists', () => {
  it('hands a group to the next slice of its list, once', () => {
    const memory = new ListMemory(standing());
    const team = slices('Team', 3);
    const list = listOf(5);
    memory.keep(at(team, 0), list);
    expect(memory.take(at(team, 1))).toBe(list);
    expect(memory.take(at(team, 1))).toBeUndefined();
  });

  it('keeps nothing after the last slice', () => {
    const memory = new ListMemory(standing());
    memory.keep(at(slices('Team', 3), 2), listOf(5));
    expect(memory.size).toBe(0);
  });

  it.each([
    ['the slice after the next', (team: Slice[]) => at(team, 2)],
    ['the first slice of another list', () => at(slices('Team', 3), 0)],
    ['the same slice of another list', () => at(slices('Team', 3), 1)],
    [
      'a slice of another epoch',
      (team: Slice[]) => ({ ...at(team, 1), order: { epoch: 2, sequence: at(team, 1).order.sequence } }),
    ],
    ['a slice of a list of another length', (team: Slice[]) => ({ ...at(team, 1), count: 4 })],
    ['a slice of another group', () => at(slices('Other', 3), 1)],
  ])('has nothing for %s', (_, other) => {
    const memory = new ListMemory(standing());
    const team = slices('Team', 3);
    memory.keep(at(team, 0), listOf(5));
    expect(memory.take(other(team))).toBeUndefined();
  });

  it('forgets a group that something else happens to', () => {
    const memory = new ListMemory(standing());
    const team = slices('Team', 3);
    memory.keep(at(team, 0), listOf(5));
    memory.forget(at(team, 0).id);
    expect(memory.take(at(team, 1))).toBeUndefined();
  });

  it('believes a group for a minute between slices, and for five minutes in all', () => {
    const clock = standing();
    const memory = new ListMemory(clock);
    const team = slices('Team', 20);
    memory.keep(at(team, 0), listOf(5));
    clock.ms = 60_000;
    expect(memory.take(at(team, 1))).toBeUndefined();
    const list = listOf(5, 60_000);
    let number = 1;
    for (memory.keep(at(team, number), list); clock.ms < 350_000; clock.ms += 50_000) {
      expect(memory.take(at(team, ++number))).toBe(list);
      memory.keep(at(team, number), list);
    }
    clock.ms = 360_000;
    expect(memory.take(at(team, ++number))).toBeUndefined();
  });

  it('is bounded: who waits longest is forgotten first, and a group beyond the bound is not kept', () => {
    const memory = new ListMemory(standing(), 100);
    const [first, second, third] = [slices('One', 3), slices('Two', 3), slices('Three', 3)];
    memory.keep(at(first, 0), listOf(60));
    memory.keep(at(second, 0), listOf(40));
    memory.keep(at(third, 0), listOf(50));
    expect(memory.size).toBe(90);
    expect(memory.take(at(first, 1))).toBeUndefined();
    expect(memory.take(at(second, 1))?.members.size).toBe(40);
    memory.keep(at(second, 1), listOf(101));
    expect(memory.take(at(second, 2))).toBeUndefined();
  });
});
