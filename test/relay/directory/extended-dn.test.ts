import { expect, test } from 'vitest';
import { parseExtendedDn } from '../../../relay/directory/extended-dn.ts';

const guid = 'f4c2ce4e-1f08-4358-abdc-fe3f035af4cd';

test('an extended DN carries GUID, SID and DN (MS-ADTS 3.1.1.3.4.1.5)', () => {
  expect(parseExtendedDn(`<GUID=${guid}>;<SID=S-1-5-21-1-2-3-1105>;CN=a\\, b,DC=x`)).toEqual({
    guid,
    sid: 'S-1-5-21-1-2-3-1105',
    dn: 'CN=a\\, b,DC=x',
  });
});

test('a contact has no SID', () => {
  expect(parseExtendedDn(`<GUID=${guid.toUpperCase()}>;CN=a,DC=x`)).toEqual({
    guid,
    sid: undefined,
    dn: 'CN=a,DC=x',
  });
});

test('a plain DN is none', () => {
  expect(parseExtendedDn('CN=a,DC=x')).toBeUndefined();
});
