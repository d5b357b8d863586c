import { expect, test } from 'vitest';
import { passwordBytes } from '../../../../relay/directory/codec/password-codec.ts';

test('unicodePwd is the quoted password as UTF-16LE (vector of reference/ad-ldap.md A.5)', () => {
  const expected = '22005000e40073007300770030007200640022 00'.replace(' ', '');
  expect(Buffer.from(passwordBytes('Pässw0rd')).toString('hex')).toBe(expected);
});
