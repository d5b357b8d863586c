import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOfSid, keyOfWritten, type MemberKey } from '../../../shared/domain/member-key.ts';
import { slicesOf } from '../../../shared/domain/slices.ts';
import { idOf } from '../../fakes/cloud-objects.ts';

const key: fc.Arbitrary<MemberKey> = fc.oneof(
  fc.integer({ min: 0, max: 5_000 }).map((n) => keyOfWritten('user', idOf('user', n))),
  fc.integer({ min: 0, max: 5_000 }).map((n) => keyOfWritten('group', idOf('group', n))),
  fc
    .integer({ min: 1_000, max: 9_000 })
    .map((n) => keyOfSid(`S-1-5-21-1111111111-2222222222-3333333333-${n}`)),
);
const list = fc.oneof(
  fc.array(key, { maxLength: 50 }),
  fc.array(key, { minLength: 1_500, maxLength: 4_000, size: 'max' }),
);

test('slices are contiguous, cover every key, and are small enough', () => {
  fc.assert(
    fc.property(list, (keys) => {
      const slices = slicesOf(keys);
      expect(slices.at(0)?.from).toBe('');
      expect(slices.at(-1)?.to).toBeNull();
      for (const [n, slice] of slices.entries()) {
        expect([slice.number, slice.count]).toEqual([n, slices.length]);
        if (n > 0) expect(slice.from).toBe(slices[n - 1]?.to);
        expect(slice.members.length).toBeLessThanOrEqual(1_000);
        expect(Buffer.byteLength(JSON.stringify(slice))).toBeLessThan(200_000);
        expect(slice.members.every((one) => one >= slice.from && (slice.to === null || one < slice.to))).toBe(
          true,
        );
      }
    }),
    { numRuns: 40 },
  );
});

test('slices applied in any order to any members equal the list', () => {
  fc.assert(
    fc.property(
      list,
      fc.array(key, { maxLength: 100 }),
      fc.infiniteStream(fc.nat()),
      (keys, before, order) => {
        const members = new Set<string>(before);
        const slices = slicesOf(keys)
          .map((slice) => ({ slice, at: order.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at);
        for (const { slice } of slices) {
          for (const one of [...members]) {
            if (one >= slice.from && (slice.to === null || one < slice.to)) members.delete(one);
          }
          for (const one of slice.members) members.add(one);
        }
        expect([...members].sort()).toEqual([...new Set(keys)].sort());
      },
    ),
    { numRuns: 40 },
  );
});

test('an empty list is one slice without members', () => {
  expect(slicesOf([])).toEqual([{ from: '', to: null, members: [], number: 0, count: 1 }]);
});
