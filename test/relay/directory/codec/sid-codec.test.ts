import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sidFromBytes, sidFromText, sidToBytes } from '../../../../relay/directory/codec/sid-codec.ts';
import type { Sid } from '../../../../relay/ports.ts';

// The vector of reference/ad-ldap.md D.4.
const text = 'S-1-5-21-1000000001-1000000002-1000000003-1105' as Sid;
const bytes = Buffer.from('01050000000000051500000001ca9a3b02ca9a3b03ca9a3b51040000', 'hex');

const anySid = fc
  .record({
    authority: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    parts: fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 15 }),
  })
  .map(({ authority, parts }) => `S-1-${authority}-${parts.join('-')}` as Sid);

describe('SID', () => {
  test('has a big-endian authority and little-endian sub-authorities', () => {
    expect(sidFromBytes(bytes)).toBe(text);
    expect(sidToBytes(text)).toEqual(bytes);
  });

  test('of the local system', () => {
    expect(sidFromBytes(Buffer.from('010100000000000512000000', 'hex'))).toBe('S-1-5-18');
  });

  test('round-trips', () => {
    fc.assert(
      fc.property(anySid, (sid) => sidFromBytes(sidToBytes(sid)) === sid && sidFromText(sid) === sid),
    );
  });

  test('that is cut short is none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        (length) => sidFromBytes(bytes.subarray(0, length)) === undefined,
      ),
    );
  });

  test.each(['', 'S-1-5', 'S-2-5-21', 'S-1-5-21-', 'S-1-5-4294967296', `S-1-${2 ** 48}-1`, 'u-1'])(
    '%j is none',
    (wrong) => {
      expect(sidFromText(wrong)).toBeUndefined();
    },
  );

  test('is spelled with a capital S', () => {
    expect(sidFromText(' s-1-5-18 ')).toBe('S-1-5-18');
  });
});
