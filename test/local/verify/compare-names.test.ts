import { describe, expect, it } from 'vitest';
import { compare } from '../../../local/verify/compare.ts';
import { broken, brokenBy } from './broken-company.ts';
import { ada } from './company-in-ad.ts';

describe('compare', () => {
  it('wants an issued account name to stay, whatever the cloud says later', () => {
    const renamed = (name: string, issued: string) =>
      brokenBy(({ tenant, set, baseline }) => {
        Object.assign(tenant.users.get(ada) ?? {}, { mailNickname: 'countess' });
        baseline.identities[ada] = { guid: 'guid-1701', sAMAccountName: issued };
        set('Ada', 'sAMAccountName', name);
      }).filter((line) => line.startsWith('name'));
    expect(renamed('ada.byron', 'ada.byron')).toEqual([]);
    expect(renamed('countess', 'ada.byron')).toEqual(['name: sAMAccountName']);
  });

  it('does not get used to a wrong account name', () => {
    const made = broken();
    made.set('Ada', 'sAMAccountName', 'wrong');
    const { identities } = compare(made.tenant, made.directory, made.baseline);
    expect(identities[ada]?.sAMAccountName).toBeUndefined();
  });

  it('takes any numbered candidate and the last resort, and no other', () => {
    const named = (name: string) => brokenBy(({ set }) => set('Ada', 'sAMAccountName', name));
    const lastResort = `u-${ada.replaceAll('-', '').slice(0, 18)}`;
    for (const name of ['ada.byron7', 'ada.byron-aaaa', lastResort]) expect(named(name), name).toEqual([]);
    for (const name of ['ada.byron1', 'ada.byron10', 'ada-byron', 'Ada Byron'])
      expect(named(name), name).toEqual(['name: sAMAccountName']);
  });

  it('reports names that somebody else has, whatever case and diacritics', () => {
    const account = brokenBy(({ set }) => set('Müller_f', 'sAMAccountName', 'mueller'));
    expect(account).toEqual(['name: sAMAccountName is somebody else’s as well']);
    const folded = brokenBy(({ set }) => set('Max', 'sAMAccountName', 'MÜELLER2'));
    expect(folded).toEqual([
      'name: sAMAccountName is somebody else’s as well',
      'name: userPrincipalName is somebody else’s as well',
    ]);
    const implied = brokenBy(({ set }) => set('Max', 'userPrincipalName', 'ada.byron@wb.example'));
    expect(implied).toEqual(['name: sAMAccountName is somebody else’s as well']);
    const principal = brokenBy(({ set }) => set('Max', 'userPrincipalName', 'BOB@contoso.example'));
    expect(principal).toEqual(['name: userPrincipalName is somebody else’s as well']);
  });

  it('wants the domain’s suffix only where nobody knows the cloud’s', () => {
    const wrong = (upn: string) => brokenBy(({ set }) => set('Müller_f', 'userPrincipalName', upn));
    expect(wrong('mueller@contoso.onmicrosoft.example')).toEqual(['name: userPrincipalName']);
    expect(wrong('mueller3@wb.example')).toEqual([]);
  });
});
