import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guidFromBytes, guidFromText, guidToBytes } from '../../../../relay/directory/codec/guid-codec.ts';
import type { Guid } from '../../../../relay/ports.ts';

// The example of reference/ad-ldap.md B.6.
const text = 'f4c2ce4e-1f08-4358-abdc-fe3f035af4cd' as Guid;
const bytes = Buffer.from('4ecec2f4081f5843abdcfe3f035af4cd', 'hex');

describe('objectGUID', () => {
  test('has its first three fields little-endian', () => {
    expect(guidFromBytes(bytes)).toBe(text);
    expect(guidToBytes(text)).toEqual(bytes);
  });

  test('round-trips', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (some) => {
        const guid = guidFromBytes(some);
        return guid !== undefined && guidToBytes(guid).equals(some);
      }),
    );
  });

  test('is 16 bytes and nothing else', () => {
    expect(guidFromBytes(bytes.subarray(1))).toBeUndefined();
    expect(guidFromBytes(Buffer.concat([bytes, bytes]))).toBeUndefined();
  });

  test('is spelled in lower case', () => {
    expect(guidFromText(text.toUpperCase())).toBe(text);
    expect(guidFromText(`{${text}}`)).toBeUndefined();
  });
});
