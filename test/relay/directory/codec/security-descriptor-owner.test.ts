import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { securityDescriptorOwner } from '../../../../relay/directory/codec/security-descriptor-owner.ts';

// As Samba answered to the SD-flags control with OWNER only.
const ownerOnly = Buffer.from('AQAAgBQAAAAAAAAAAAAAAAAAAAABBQAAAAAABRUAAAAipWgzMdQFu7URjmpOBAAA', 'base64');
// D:(A;;RPLCRC;;;…) without an owner, reference/ad-ldap.md D.4.
const withoutOwner = Buffer.from('0100048000000000000000000000000014000000020008000000', 'hex');

describe('the owner in a security descriptor', () => {
  test('is the SID at its offset', () => {
    expect(securityDescriptorOwner(ownerOnly)).toBe('S-1-5-21-862496034-3137721393-1787695541-1102');
  });

  test('is absent where the offset is zero', () => {
    expect(securityDescriptorOwner(withoutOwner)).toBeUndefined();
  });

  test('is absent, not an exception, in any bytes that are no descriptor', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const owner = securityDescriptorOwner(bytes);
        return owner === undefined || owner.startsWith('S-1-');
      }),
    );
  });
});
