import { describe, expect, it } from 'vitest';
import { brokenBy, without } from './broken-company.ts';
import { bob, destination, entry, guest, left } from './company-in-ad.ts';

describe('compare', () => {
  it('reports another account in place of the one that left', () => {
    const lines = brokenBy(({ named }) =>
      Object.assign(named('Lea'), { sid: 'S-1-5-21-1-2-3-1999', guid: 'guid-1999' }),
    );
    expect(lines).toEqual(['identity: is not the same account as before (SID)']);
  });

  it('expects leavers disabled, in no group, under their old sign-in name', () => {
    expect(brokenBy(({ set }) => set('Lea', 'userAccountControl', '512'))).toEqual([
      'account-control: should be disabled',
    ]);
    const upn = `${left.replaceAll('-', '')}lea@contoso.example`;
    expect(brokenBy(({ set }) => set('Lea', 'userPrincipalName', upn))).toEqual([
      'name: userPrincipalName of a leaver',
    ]);
    expect(brokenBy(({ set }) => set('Lea', 'userPrincipalName'))).toEqual([
      'name: userPrincipalName of a leaver',
    ]);
    expect(
      brokenBy(({ named }) => named('Team').members.push(`CN=Lea_cccccccccccc,${destination}`)),
    ).toHaveLength(1);
  });

  it('expects a leaver without the sign-in name that another user has now, for good', () => {
    const taken = (upn: string[], letGo?: true) =>
      brokenBy(({ tenant, set, baseline }) => {
        if (letGo !== undefined) Object.assign(baseline.identities[left] ?? {}, { letGo });
        else {
          Object.assign(tenant.users.get(bob) ?? {}, { userPrincipalName: 'Lea@contoso.example' });
          set('Bob', 'userPrincipalName', 'Lea@contoso.example');
        }
        set('Lea', 'userPrincipalName', ...upn);
      });
    expect(taken([])).toEqual([]);
    expect(taken([], true)).toEqual([]);
    expect(taken(['lea@contoso.example'])).toContain('name: userPrincipalName of a leaver');
    expect(taken(['lea@contoso.example'], true)).toEqual(['name: userPrincipalName of a leaver']);
  });

  it('expects a leaver as last written: as it was seen then, or as the cloud said last', () => {
    const with_ = (title: string) =>
      brokenBy(({ tenant, set, baseline }) => {
        Object.assign(baseline.identities[left] ?? {}, { written: { title: ['Editor'] } });
        Object.assign(tenant.deletedUsers.get(left) ?? {}, { jobTitle: 'Author' });
        set('Lea', 'title', title);
      });
    expect(with_('Editor')).toEqual([]);
    expect(with_('Author')).toEqual([]);
    expect(with_('Nobody')).toEqual(['attribute: title']);
  });

  it('expects a leaver that once had an entry to keep it, and no entry of one that never had', () => {
    expect(brokenBy(({ directory, named }) => without(directory, named('Lea')))).toEqual([
      'missing-entry: Lea has no entry',
    ]);
    const never = brokenBy(({ directory, named, baseline }) => {
      without(directory, named('Lea'));
      baseline.identities = {};
    });
    expect(never).toEqual([]);
  });

  it('expects whoever left the scope to be disabled, and no entry of a guest that never had one', () => {
    const mark = `User_${guest}`;
    const values = { adminDescription: mark, 'msDS-ExternalDirectoryObjectId': mark, pwdLastSet: '1' };
    const names = { sAMAccountName: 'gast', userPrincipalName: 'gast@contoso.example' };
    const gast = (control: string) =>
      brokenBy(({ directory }) =>
        directory.entries.push(
          entry('Gast_dddddddddddd', 1901, {
            ...{ ...values, ...names, displayName: 'Gast' },
            ...{ countryCode: '0', userAccountControl: control },
          }),
        ),
      );
    expect(gast('512')).toEqual(['account-control: should be disabled']);
    expect(gast('514')).toEqual([]);
  });
});
