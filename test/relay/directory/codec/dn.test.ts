import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  childDn,
  domainOf,
  escapeRdnValue,
  formatDn,
  isUnder,
  parseDn,
  sameDn,
} from '../../../../relay/directory/codec/dn.ts';
import type { Dn } from '../../../../relay/ports.ts';

const destination = 'OU=Cloud,DC=wb,DC=example' as Dn;

/** Text with many of the characters that matter. */
const value = fc
  .array(
    fc.oneof(fc.constantFrom(...',+"\\<>;=# \n\r\0/é名'), fc.string({ unit: 'grapheme', maxLength: 1 })),
    {
      minLength: 1,
      maxLength: 20,
    },
  )
  .map((parts) => parts.join(''))
  .filter((text) => text.isWellFormed());

describe('escapeRdnValue', () => {
  // reference/ad-ldap.md A.6: hex pairs, which Windows, Samba and ldapts all understand.
  test.each([
    ['Doe, Jane', 'Doe\\2C Jane'],
    ['a+b=c', 'a\\2Bb\\3Dc'],
    ['"<;>\\', '\\22\\3C\\3B\\3E\\5C'],
    ['#tag', '\\23tag'],
    [' both ', '\\20both\\20'],
    ['a\nb\rc\0', 'a\\0Ab\\0Dc\\00'],
    ['a # b', 'a # b'],
    ['Жанна/名前', 'Жанна/名前'],
  ])('%j becomes %s', (plain, escaped) => {
    expect(escapeRdnValue(plain)).toBe(escaped);
  });

  test('leaves no comma for ldapts to split a new name at', () => {
    fc.assert(fc.property(value, (text) => !escapeRdnValue(text).includes(',')));
  });
});

describe('parseDn', () => {
  test('round-trips any value', () => {
    fc.assert(
      fc.property(value, (text) => {
        const parsed = parseDn(childDn(text, destination));
        expect(parsed?.[0]).toEqual({ type: 'CN', value: text });
        expect(parsed).toHaveLength(4);
      }),
    );
  });

  test.each([
    ['CN=Doe\\, Jane,DC=x', 'Doe, Jane'],
    ['CN=Doe\\2C Jane,DC=x', 'Doe, Jane'],
    ['CN="Doe, Jane",DC=x', 'Doe, Jane'],
    ['CN=caf\\C3\\A9,DC=x', 'café'],
    ['CN=a\\=b,DC=x', 'a=b'],
    ['CN=a\\3Db,DC=x', 'a=b'],
    ['CN=a=b,DC=x', 'a=b'],
    ['CN=\\ x\\ ,DC=x', ' x '],
    ['CN=x\\\\,DC=x', 'x\\'],
    ['CN = x , DC = x', 'x'],
    ['CN=old\\0ADEL:4ecec2f4,DC=x', 'old\nDEL:4ecec2f4'],
    ['CN=x;DC=x', 'x'],
  ])('reads the spelling %s', (dn, expected) => {
    expect(parseDn(dn)).toEqual([
      { type: 'CN', value: expected },
      { type: 'DC', value: 'x' },
    ]);
  });

  test.each(['x', 'CN', 'CN=a,', '=a', 'CN="a', 'CN=a\\', 'CN=\\C3,DC=x', 'CN=a+B=c,DC=x', '<GUID=x>'])(
    '%j is none',
    (wrong) => {
      expect(parseDn(wrong)).toBeUndefined();
    },
  );

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => parseDn(text) === undefined || Array.isArray(parseDn(text))),
    );
  });
});

describe('comparing', () => {
  test('disregards case, escapes and spaces', () => {
    expect(sameDn('cn=DOE\\, jane , ou=cloud,dc=WB,DC=example', `CN=Doe\\2C Jane,${destination}`)).toBe(true);
    expect(sameDn(`CN=a,${destination}`, `CN=b,${destination}`)).toBe(false);
    expect(sameDn(destination, 'DC=wb,DC=example')).toBe(false);
  });

  test('an entry is under each of its ancestors, not under itself nor a neighbour', () => {
    expect(isUnder(`CN=a,OU=Sub,${destination}`, destination.toUpperCase())).toBe(true);
    expect(isUnder(destination, destination)).toBe(false);
    expect(isUnder('CN=a,OU=NotCloud,DC=wb,DC=example', destination)).toBe(false);
    expect(isUnder(`CN=a\\,${destination}`, destination)).toBe(false);
    expect(isUnder(`CN=a,${destination}`, '')).toBe(false);
  });

  test('formatted again is the same name', () => {
    fc.assert(
      fc.property(value, (text) => {
        const dn = childDn(text, destination);
        return sameDn(formatDn(parseDn(dn) ?? []), dn) && isUnder(dn, destination);
      }),
    );
  });
});

test('the domain is named by the DC steps', () => {
  expect(domainOf('CN=a,OU=b,DC=Corp,dc=Example,DC=com')).toBe('corp.example.com');
});
