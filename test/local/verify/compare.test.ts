import { describe, expect, it } from 'vitest';
import { compare } from '../../../local/verify/compare.ts';
import type { DirectoryEntry, DirectoryState } from '../../../local/verify/directory-state.ts';
import { reportLines, withoutValues } from '../../../local/verify/report.ts';
import {
  ada,
  alerts,
  baselineWorld,
  bob,
  destination,
  directoryWorld,
  entry,
  guest,
  leavers,
  left,
  mueller,
  news,
  owners,
  room,
  secret,
  synced,
  syncedDn,
  team,
  tenantWorld,
} from './company-in-ad.ts';

function world() {
  return { tenant: tenantWorld(), directory: directoryWorld(), baseline: baselineWorld() };
}

/** The kinds of the differences after something was done to a world that agreed. */
function brokenBy(change: (world: ReturnType<typeof broken>) => void): string[] {
  const made = broken();
  change(made);
  return compare(made.tenant, made.directory, made.baseline).differences.map(
    ({ kind, what }) => `${kind}: ${what}`,
  );
}

function broken() {
  const made = world();
  const named = (rdn: string): DirectoryEntry => {
    const found = made.directory.entries.find((one) => one.dn.startsWith(`CN=${rdn}`));
    if (found === undefined) throw new Error(`no ${rdn}`);
    return found;
  };
  const set = (rdn: string, name: string, ...values: string[]) => {
    const list = named(rdn).values;
    if (values.length === 0) list.delete(name.toLowerCase());
    else list.set(name.toLowerCase(), values);
  };
  return { ...made, named, set };
}

const without = (directory: DirectoryState, gone: DirectoryEntry) => {
  directory.entries = directory.entries.filter((one) => one !== gone);
};

describe('compare', () => {
  it('finds nothing where tenant and AD agree, and counts what it saw', () => {
    const { tenant, directory, baseline } = world();
    const verdict = compare(tenant, directory, baseline);
    expect(verdict.differences).toEqual([]);
    expect(verdict.counts).toEqual({ users: 4, groups: 5, memberships: 6 });
    expect(verdict.compared).toBeGreaterThan(200);
  });

  it('remembers the identity of what it saw first, and forgets what was purged', () => {
    const { tenant, directory, baseline } = world();
    baseline.identities['gone'] = { guid: 'guid-1' };
    const { identities } = compare(tenant, directory, baseline);
    const everybody = [ada, bob, mueller, left, team, room, alerts, news, secret];
    expect(Object.keys(identities).sort()).toEqual(everybody.sort());
    expect(identities[ada]).toMatchObject({
      ...{ guid: 'guid-1701', sid: 'S-1-5-21-1-2-3-1701', sAMAccountName: 'ada.byron' },
      written: { title: ['Analyst'], userprincipalname: ['ada.byron@contoso.example'] },
    });
    expect(identities[left]).toEqual(baseline.identities[left]);
  });

  it.each([
    ['a changed attribute', 'attribute: title', 'title', 'Boss'],
    ['an attribute that should be there', 'attribute: telephoneNumber', 'telephoneNumber'],
    ['an attribute that the cloud has cleared', 'attribute: department', 'department', 'IT'],
    ['one of several values', 'attribute: otherTelephone', 'otherTelephone', '+44 2'],
    ['a value too many', 'attribute: otherMailbox', 'otherMailbox', 'ada@home.example', 'ADA@home.example'],
    ['another division', 'attribute: division', 'division', 'Looms'],
    ['no employee type', 'attribute: employeeType', 'employeeType'],
    ['no fax', 'attribute: facsimileTelephoneNumber', 'facsimileTelephoneNumber'],
    ['the country as it was spelled', 'attribute: co', 'co', 'united kingdom'],
    ['another country', 'attribute: c', 'c', 'UA'],
    ['the number of another country', 'attribute: countryCode', 'countryCode', '804'],
    ['an extension attribute', 'attribute: extensionAttribute1', 'extensionAttribute1', 'red'],
    ['one that should be empty', 'attribute: extensionAttribute15', 'extensionAttribute15', 'x'],
    ['a delegation', 'attribute: servicePrincipalName', 'servicePrincipalName', 'HTTP/x'],
    ['a wrong sign-in name', 'name: userPrincipalName', 'userPrincipalName', 'other@contoso.example'],
    ['no sign-in name', 'name: userPrincipalName', 'userPrincipalName'],
    ['a wrong account name', 'name: sAMAccountName', 'sAMAccountName', 'ada'],
    ['a wrong cn', 'name: cn', 'cn', 'Ada_aaaaaaaaaaaa'],
    ['a disabled account', 'account-control: should be enabled', 'userAccountControl', '514'],
    ['an account-control bit', 'account-control: should be enabled', 'userAccountControl', '544'],
    ['a missing password', 'account-control: no password was ever set', 'pwdLastSet', '0'],
    ['no manager', 'manager: has no manager', 'manager'],
    ['another manager', 'manager: has another manager', 'manager', `CN=Bob_bbbbbbbbbbbb,${destination}`],
    ['a missing mark', 'mark: adminDescription', 'adminDescription'],
    [
      'a forged second mark',
      'mark: msDS-ExternalDirectoryObjectId',
      'msDS-ExternalDirectoryObjectId',
      `User_${bob}`,
    ],
  ])('reports %s of a user, and nothing else', (_, difference, name, ...values) => {
    expect(brokenBy(({ set }) => set('Ada', name, ...values))).toEqual([difference]);
  });

  it('takes what an administrator may have set on an account for what it is', () => {
    expect(brokenBy(({ set }) => set('Ada', 'userAccountControl', '66048'))).toEqual([]);
  });

  it.each([
    'displayName',
    'givenName',
    'sn',
    'department',
    'company',
    'employeeID',
    'mobile',
    'mail',
    'l',
    'st',
    'postalCode',
    'streetAddress',
    'physicalDeliveryOfficeName',
    'preferredLanguage',
    'co',
    'c',
  ])('compares %s of every user', (name) => {
    expect(brokenBy(({ set }) => set('Müller_f', name, 'x'))).toEqual([`attribute: ${name}`]);
  });

  it('knows a manager only where AD has one, in scope', () => {
    const guestsEntry = brokenBy(({ set }) => set('Müller_f', 'manager', syncedDn));
    expect(guestsEntry).toEqual(['manager: should have no manager']);
    const afterLeaving = brokenBy(({ tenant }) => void tenant.managers.delete(bob));
    expect(afterLeaving).toEqual(['manager: should have no manager']);
  });

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

  it('wants an account disabled that an administrator has disabled', () => {
    const wanting = (control: string) =>
      brokenBy(({ set, baseline }) => {
        baseline.disabledOnPremises = [ada];
        set('Ada', 'userAccountControl', control);
      });
    expect(wanting('514')).toEqual([]);
    expect(wanting('512')).toEqual(['account-control: should be disabled']);
  });

  it('reports kind and description of every kind of group', () => {
    for (const rdn of ['Team', 'Müller & Söhne'])
      expect(
        brokenBy(({ set }) => set(rdn, 'groupType', '8')),
        rdn,
      ).toEqual(['group-type: groupType']);
    for (const rdn of ['Room', 'Новости'])
      expect(
        brokenBy(({ set }) => set(rdn, 'groupType', '-2147483640')),
        rdn,
      ).toEqual(['group-type: groupType']);
    expect(brokenBy(({ set }) => set('Team', 'description', 'x'))).toEqual(['attribute: description']);
    expect(brokenBy(({ set }) => set('Новости', 'sAMAccountName', 'News'))).toEqual(['name: sAMAccountName']);
  });

  it('expects hidden members nowhere, and no group that gives roles', () => {
    const shown = brokenBy(({ named }) => named('Secret').members.push(`CN=Bob_bbbbbbbbbbbb,${destination}`));
    expect(shown).toEqual(['extra-member: shows a member of a group that hides them']);
    const role = brokenBy(({ directory }) =>
      directory.entries.push(
        entry('Owners_eeeeeeeeeeee', 1802, {
          ...{ adminDescription: `Group_${owners}`, 'msDS-ExternalDirectoryObjectId': `Group_${owners}` },
          ...{ sAMAccountName: 'Owners', displayName: 'Owners', groupType: '-2147483640' },
        }),
      ),
    );
    expect(role).toEqual(['group-type: groupType of a group out of scope']);
  });

  it('reports missing and extra members one by one', () => {
    const missing = brokenBy(({ named }) => named('Team').members.splice(1, 1));
    const extra = brokenBy(({ named }) => named('Team').members.push(`CN=Bob_bbbbbbbbbbbb,${destination}`));
    expect(missing).toEqual(['missing-member: does not list a member']);
    expect(extra).toEqual(['extra-member: lists a member that the cloud does not']);
  });

  it('expects no privileged account among the members', () => {
    const lines = brokenBy(({ set }) => set('sam', 'adminCount', '1'));
    expect(lines).toContain('extra-member: lists a member that the cloud does not');
  });

  it('reports a missing entry once, not again for each group it was in', () => {
    const lines = brokenBy(({ directory, named }) => {
      without(directory, named('Bob'));
      named('Room').members.length = 0;
    });
    expect(lines).toEqual(['missing-entry: Bob has no entry']);
  });

  it('reports entries without a cloud object, without a mark, and twins', () => {
    const mark = (id: string) => ({
      adminDescription: `User_${id}`,
      'msDS-ExternalDirectoryObjectId': `User_${id}`,
    });
    const add = (one: DirectoryEntry) => brokenBy(({ directory }) => directory.entries.push(one));
    expect(add(entry('Old', 1801, mark('22222222-2222-4333-8444-aaaaaaaaaaaa')))).toEqual([
      'extra-entry: belongs to nothing in the tenant',
    ]);
    expect(add(entry('Printer', 1802, {}))).toEqual(['foreign-entry: is in the destination without a mark']);
    expect(add(entry('Twin', 1803, mark(ada)))).toEqual(['extra-entry: is a second entry']);
  });

  it('reports an entry that was moved away or into a sub-OU, once', () => {
    for (const parent of ['OU=On-Premises,DC=wb,DC=example', `OU=Sub,${destination}`, leavers])
      expect(
        brokenBy(({ named }) => Object.assign(named('Bob'), { dn: `CN=Bob_bbbbbbbbbbbb,${parent}` })),
      ).toContain(`wrong-place: is not directly in ${destination}`);
  });

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

  it('expects deleted security groups without rights', () => {
    const remove = (groupType: string) =>
      brokenBy(({ tenant, set, named }) => {
        const gone = tenant.groups.get(team);
        if (gone !== undefined) tenant.deletedGroups.set(team, gone);
        tenant.groups.delete(team);
        set('Team', 'groupType', groupType);
        named('Müller & Söhne').members.length = 0;
      });
    expect(remove('8')).toEqual([]);
    expect(remove('-2147483640')).toEqual(['group-type: groupType of a deleted group']);
  });

  it('reports every touch of what is synced from AD', () => {
    expect(brokenBy(({ set }) => set('sam', 'department', 'Sales'))).toEqual(['synced-touched: department']);
    expect(brokenBy(({ set }) => set('sam', 'adminDescription', `User_${synced}`))).toEqual([
      'synced-touched: admindescription',
    ]);
    expect(brokenBy(({ directory, named }) => without(directory, named('sam')))).toContain(
      'synced-touched: is gone from where it was',
    );
    expect(syncedDn).toContain('On-Premises');
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

  it('tells values only to whoever asks for them', () => {
    const made = broken();
    made.set('Ada', 'title', 'Sorceress');
    const verdict = compare(made.tenant, made.directory, made.baseline);
    const told = [
      ...reportLines(verdict, { values: false }),
      JSON.stringify(verdict.differences.map(withoutValues)),
    ];
    expect(told.join('\n')).toContain('title');
    expect(told.join('\n')).not.toMatch(/Sorceress|Analyst/);
    expect(reportLines(verdict, { values: true }).join('\n')).toContain('Sorceress');
  });
});
