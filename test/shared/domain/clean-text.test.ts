import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cleanText } from '../../../shared/domain/clean-text.ts';

it.each([
  ['a\tb\u0000c\u0085', 100, 'a b c'],
  ['  padded  ', 100, 'padded'],
  ['ab cd', 3, 'ab'],
  ['a😀b', 2, 'a'],
  ['a😀b', 3, 'a😀'],
  ['\ud83d lonely \ude00', 100, 'lonely'],
])('%j cut at %i is %j', (text, max, clean) => {
  expect(cleanText(text, max)).toBe(clean);
});

it('[users.attributes.limits] whatever comes in: short enough, trimmed, well formed, without control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
      const clean = cleanText(text, max);
      expect(clean.length).toBeLessThanOrEqual(max);
      expect(clean.trim()).toBe(clean);
      expect(clean.isWellFormed()).toBe(true);
      expect(/\p{Cc}/u.test(clean)).toBe(false);
    }),
  );
});
