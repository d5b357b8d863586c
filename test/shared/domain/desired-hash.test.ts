import fc from 'fast-check';
import { expect, it } from 'vitest';
import { desiredHash } from '../../../shared/domain/desired-hash.ts';

it('desiredHash depends on values, not on the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.option(fc.string())), (values) => {
      const turned = Object.fromEntries(Object.entries(values).reverse());
      expect(desiredHash(turned)).toBe(desiredHash(values));
      expect(desiredHash({ ...values, other: 1 })).not.toBe(desiredHash(values));
    }),
  );
});
