/** Deterministic chance: the same seed gives the same company and the same story, on every machine. */
export type Chance = {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** `count` different ones of the list, in its order of drawing. */
  sample<T>(list: readonly T[], count: number): T[];
  /** A version 4 GUID in lower case. */
  guid(): string;
};

/** Chance from a seed (mulberry32: 32 bits of state are plenty for a few thousand draws). */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (list) => pickFrom(list, below),
    sample: (list, count) => sampleFrom(list, count, below),
    guid: () => guidFrom(below),
  };
}

function pickFrom<T>(list: readonly T[], below: Chance['below']): T {
  const picked = list[below(list.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

function sampleFrom<T>(list: readonly T[], count: number, below: Chance['below']): T[] {
  const rest = [...list];
  const drawn: T[] = [];
  while (drawn.length < count && rest.length > 0) drawn.push(...rest.splice(below(rest.length), 1));
  return drawn;
}

function guidFrom(below: Chance['below']): string {
  const hex = Array.from({ length: 32 }, () => below(16).toString(16));
  hex[12] = '4';
  hex[16] = (8 + below(4)).toString(16);
  const text = hex.join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  );
}
