import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cut,
  firstEighteen,
  lastTwelve,
  localPart,
  numbered,
  plain,
} from '../../../../shared/domain/names/name-parts.ts';
import { type ObjectId, objectIdFrom } from '../../../../shared/domain/object-id.ts';

const object = { id: objectIdFrom('01234567-89ab-cdef-0123-456789abcdef') as ObjectId };

describe('plain', () => {
  it.each([
    ['Müller', 'Muller'],
    ['Straße', 'Strasse'],
    ['李', 'Li'],
    ['Łukasz Żółć', 'Lukasz.Zolc'],
    ['Søren Ørsted', 'Soren.Orsted'],
    ['Ελένη', 'Eleni'],
    ['Продажи', 'Prodazhi'],
    ['Seán O’Brien', 'Sean.OBrien'],
    ['anna.müller', 'anna.muller'],
    ['R & D', 'R.D'],
    ['  .-_Anna_-.  ', 'Anna'],
    ['a\u00a0b\tc  d', 'a.b.c.d'],
    ['(((', ''],
    ['', ''],
    [null, ''],
  ])('[users.names.transliteration] %j is %j', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it('[groups.naming.default] white space becomes - where it is asked for', () => {
    expect(plain('Отдел  продаж', '-')).toBe('Otdel-prodazh');
    expect(plain('All Staff (Bern)', '-')).toBe('All-Staff-Bern');
  });

  it('[users.names.transliteration] whatever comes in: letters, digits, dot, dash and underscore, none at an end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(plain(text)).toMatch(/^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/);
        expect(plain(plain(text))).toBe(plain(text));
      }),
    );
  });
});

describe('numbered', () => {
  it('[users.names.candidates] the text, 2 to 9, the last four of the id', () => {
    expect(numbered('anna', object, 20)).toEqual([
      'anna',
      'anna2',
      'anna3',
      'anna4',
      'anna5',
      'anna6',
      'anna7',
      'anna8',
      'anna9',
      'anna-cdef',
    ]);
    expect(numbered('', object, 20)).toEqual([]);
  });

  it('[users.names.limits] is cut in front of what is appended, and no dot stays before a cut', () => {
    expect(numbered('abcdefghijklmnopqrstuvwxyz', object, 20)).toEqual([
      'abcdefghijklmnopqrst',
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `abcdefghijklmnopqrs${n}`),
      'abcdefghijklmno-cdef',
    ]);
    expect(numbered('abcdefghijklmnopqrs.tuv', object, 20).slice(0, 2)).toEqual([
      'abcdefghijklmnopqrs',
      'abcdefghijklmnopqrs2',
    ]);
  });

  it('[users.names.limits] whatever comes in: within the limit, well formed', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).map((one) => one.toWellFormed());
    fc.assert(
      fc.property(text, fc.integer({ min: 6, max: 64 }), (one, max) => {
        for (const candidate of numbered(one, object, max)) {
          expect(candidate.length).toBeLessThanOrEqual(max);
          expect(candidate.isWellFormed()).toBe(true);
        }
        expect(cut(one, max).length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

it('the parts of an id and of an address', () => {
  expect(lastTwelve(object)).toBe('456789abcdef');
  expect(firstEighteen(object)).toBe('0123456789abcdef01');
  expect(localPart(' ann@contoso.example ')).toBe('ann');
  expect(localPart('ann')).toBe('ann');
});
