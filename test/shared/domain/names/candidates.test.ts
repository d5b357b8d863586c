import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineConfig, type UsersConfig } from '../../../../shared/configuration/define-config.ts';
import { settingsFrom } from '../../../../shared/configuration/settings-from.ts';
import type { CloudUser } from '../../../../shared/domain/cloud-object.ts';
import { type DesiredUser, desiredUser } from '../../../../shared/domain/desired-user.ts';
import { type ObjectId, objectIdFrom } from '../../../../shared/domain/object-id.ts';
import { cloudUser } from '../../../fakes/cloud-objects.ts';

const id = objectIdFrom('01234567-89ab-cdef-0123-456789abcdef') as ObjectId;
const last = 'u-0123456789abcdef01';

function namesOf(values: Partial<CloudUser>, config: UsersConfig = {}): DesiredUser['names'] {
  const { users } = settingsFrom(defineConfig({ users: config }));
  const desired = users === false ? undefined : desiredUser(cloudUser(id, values), users);
  if (desired === undefined) throw new Error('nothing is written');
  return desired.names;
}

describe('sAMAccountName', () => {
  it.each([
    ['mailNickname first', { mailNickname: 'anna', userPrincipalName: 'a.m@contoso.example' }, 'anna'],
    ['else the UPN', { mailNickname: null, userPrincipalName: 'a.m@contoso.example' }, 'a.m'],
    [
      'else the UPN, also where nothing plain is left',
      { mailNickname: '!!', userPrincipalName: 'a@c.d' },
      'a',
    ],
    ['Müller', { mailNickname: 'Jörg.Müller' }, 'Jorg.Muller'],
    ['李', { mailNickname: '李小龙' }, 'LiXiaoLong'],
    ['Łukasz', { mailNickname: 'Łukasz' }, 'Lukasz'],
    ['Søren', { mailNickname: 'Søren' }, 'Soren'],
    ['Ελένη', { mailNickname: 'Ελένη' }, 'Eleni'],
  ])('[users.names.candidates] [users.names.transliteration] %s', (_title, values, first) => {
    expect(namesOf(values).sAMAccountName[0]).toBe(first);
  });

  it.each([
    'administrator',
    'Guest',
    'KRBTGT',
    'DefaultAccount',
    'WDAGUtilityAccount',
    'system',
    'self',
    'Everyone',
    'anonymous',
  ])('[users.names.candidates] %s is reserved, its number is not', (mailNickname) => {
    expect(namesOf({ mailNickname }).sAMAccountName[0]).toBe(`${mailNickname}2`);
  });

  it('[users.names.candidates] never digits only, never a computer’s', () => {
    expect(namesOf({ mailNickname: '4711' }).sAMAccountName).toEqual(['4711-cdef', last]);
    const names = { sAMAccountName: () => ['PC$', 'Network Service', 'ok'] };
    expect(namesOf({}, { names }).sAMAccountName).toEqual(['ok', last]);
  });

  it('[users.names.limits] 20 characters; nothing plain falls back to the id', () => {
    const { sAMAccountName } = namesOf({ mailNickname: 'a.very-long.name.of.somebody' });
    expect(sAMAccountName[0]).toBe('a.very-long.name.of');
    expect(sAMAccountName.every((name) => name.length <= 20)).toBe(true);
    expect(namesOf({ mailNickname: '!', userPrincipalName: '"@contoso.example' }).sAMAccountName).toEqual([
      last,
    ]);
  });

  it('[users.names.limits] an owner’s rule cannot break what AD takes', () => {
    const wild = {
      sAMAccountName: () => ['a/b\\c:d*e?f"g<h>i|j@k', 'x'.repeat(70), 'dots...', ' Ann ', 'ann', ''],
    };
    expect(namesOf({}, { names: wild }).sAMAccountName).toEqual([
      'abcdefghijk',
      'x'.repeat(20),
      'dots',
      'Ann',
      last,
    ]);
  });

  it('[users.names.uniqueness] [users.names.limits] whatever comes in: valid, different, 1 to 20 of them', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 40 }), text, (nickname, candidates, displayName) => {
        const own = { sAMAccountName: () => candidates, cn: () => candidates };
        for (const names of [{}, own]) {
          const { cn, sAMAccountName } = namesOf({ mailNickname: nickname, displayName }, { names });
          for (const list of [cn, sAMAccountName]) {
            expect(list.length).toBeGreaterThan(0);
            expect(list.length).toBeLessThanOrEqual(20);
            expect(new Set(list.map((one) => one.toLowerCase())).size).toBe(list.length);
          }
          for (const name of sAMAccountName) {
            expect(name).toMatch(/^[^"/\\[\]:;|=,+*?<>@\p{Cc}]{1,20}$/u);
            expect(name).not.toMatch(/^\s|[\s.$]$|^\d+$/);
          }
          for (const name of cn) {
            expect(name.length).toBeLessThanOrEqual(64);
            expect(name).toBe(name.trim());
            expect(name.isWellFormed()).toBe(true);
          }
          expect(sAMAccountName.at(-1)).toBe(last);
        }
      }),
    );
  });
});

describe('cn', () => {
  it('[users.names.limits] 51 of the display name, the last 12 of the id, 64 in all', () => {
    expect(namesOf({ displayName: 'x'.repeat(300) }).cn).toEqual([`${'x'.repeat(51)}_456789abcdef`]);
    expect(namesOf({ displayName: `${'x'.repeat(50)}😀` }).cn).toEqual([`${'x'.repeat(50)}_456789abcdef`]);
    expect(namesOf({ displayName: null }).cn).toEqual(['_456789abcdef']);
  });

  it('an owner’s rule with nothing usable falls back to it', () => {
    expect(namesOf({ displayName: 'Ann' }, { names: { cn: () => ['', ' '] } }).cn).toEqual([
      'Ann_456789abcdef',
    ]);
  });
});

describe('userPrincipalName', () => {
  it('[users.names.swap] has no numbered names at its own suffix: a swap would end on one of them', () => {
    const user = { userPrincipalName: 'anna@corp.example' };
    expect(namesOf(user, { fallbackSuffix: 'Corp.Example' }).userPrincipalName).toEqual([
      'anna@corp.example',
    ]);
  });

  it('[users.names.suffix] the cloud’s, then its plain prefix at the fallback suffix', () => {
    const user = { userPrincipalName: 'jörg.müller@contoso.example' };
    expect(namesOf(user).userPrincipalName).toEqual(['jörg.müller@contoso.example']);
    expect(namesOf(user, { fallbackSuffix: 'corp.example' }).userPrincipalName).toEqual([
      'jörg.müller@contoso.example',
      'jorg.muller@corp.example',
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `jorg.muller${n}@corp.example`),
      'jorg.muller-cdef@corp.example',
    ]);
  });

  it('what is no UPN is dropped', () => {
    const names = {
      userPrincipalName: () => ['two@at@signs', 'none', 'a b@c.example', '@c', 'd@', 'e@f.example'],
    };
    expect(namesOf({}, { names }).userPrincipalName).toEqual(['e@f.example']);
  });
});

describe('[users.scope.guests] guests are named by their address at home', () => {
  const guest = {
    userType: 'Guest',
    userPrincipalName: 'ann.lee_partner.example#EXT#@contoso.example',
    mailNickname: 'ann.lee_partner.example#EXT#',
    mail: 'Ann.Lee@partner.example',
  };

  it('by mail', () => {
    const { sAMAccountName, userPrincipalName } = namesOf(guest, {
      guests: true,
      fallbackSuffix: 'corp.example',
    });
    expect(sAMAccountName.slice(0, 2)).toEqual(['Ann.Lee', 'Ann.Lee2']);
    expect(userPrincipalName.slice(0, 2)).toEqual([
      'Ann.Lee_partner.example@corp.example',
      'Ann.Lee_partner.example2@corp.example',
    ]);
  });

  it('without mail, by what Entra made of the address', () => {
    const { sAMAccountName, userPrincipalName } = namesOf({ ...guest, mail: null }, { guests: true });
    expect(sAMAccountName[0]).toBe('ann.lee');
    expect(userPrincipalName[0]).toBe('ann.lee_partner.example@contoso.example');
  });
});
