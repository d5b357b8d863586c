import { describe, expect, it } from 'vitest';
import { compare } from '../../../local/verify/compare.ts';
import type { DirectoryEntry, DirectoryState } from '../../../local/verify/directory-state.ts';
import {
  ada,
  baselineWorld,
  bob,
  destination,
  directoryWorld,
  entry,
  guest,
  left,
  room,
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
    expect(verdict.counts).toEqual({ users: 3, groups: 2, memberships: 4 });
    expect(verdict.compared).toBeGreaterThan(80);
  });

  it('remembers the identity of what it saw first, and forgets what was purged', () => {
    const { tenant, directory, baseline } = world();
    baseline.identities['gone'] = { guid: 'guid-1' };
    const { identities } = compare(tenant, directory, baseline);
    expect(Object.keys(identities).sort()).toEqual([ada, bob, left, team, room].sort());
    expect(identities[ada]).toEqual({ guid: 'guid-1701', sid: 'S-1-5-21-1-2-3-1701' });
  });

  it.each([
    ['a changed attribute', 'attribute: title', 'title', 'Boss'],
    ['an attribute that should be there', 'attribute: telephoneNumber', 'telephoneNumber'],
    ['an attribute that the cloud has cleared', 'attribute: department', 'department', 'IT'],
    ['a delegation', 'attribute: servicePrincipalName', 'servicePrincipalName', 'HTTP/x'],
    ['a wrong sign-in name', 'name: userPrincipalName', 'userPrincipalName', 'other@contoso.example'],
    ['a wrong account name', 'name: sAMAccountName', 'sAMAccountName', 'ada'],
    ['a wrong cn', 'name: cn', 'cn', 'Ada_aaaaaaaaaaaa'],
    ['an account-control bit', 'account-control: userAccountControl', 'userAccountControl', '544'],
    ['a missing password', 'account-control: no password was ever set', 'pwdLastSet', '0'],
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

  it('reports group kind and description', () => {
    expect(brokenBy(({ set }) => set('Team', 'groupType', '8'))).toEqual(['group-type: groupType']);
    expect(brokenBy(({ set }) => set('Team', 'description', 'x'))).toEqual(['attribute: description']);
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
    for (const parent of ['OU=On-Premises,DC=wb,DC=example', `OU=Sub,${destination}`])
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
      'account-control: userAccountControl',
    ]);
    const upn = `${left.replaceAll('-', '')}lea@contoso.example`;
    expect(brokenBy(({ set }) => set('Lea', 'userPrincipalName', upn))).toEqual([
      'name: userPrincipalName of a deleted user',
    ]);
    expect(
      brokenBy(({ named }) => named('Team').members.push(`CN=Lea_cccccccccccc,${destination}`)),
    ).toHaveLength(1);
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
        named('Team').values.delete('description');
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

  it('expects no entry of a guest or of a mail-enabled group', () => {
    const mark = `User_${guest}`;
    const values = { adminDescription: mark, 'msDS-ExternalDirectoryObjectId': mark, pwdLastSet: '1' };
    const withGuest = brokenBy(({ directory }) =>
      directory.entries.push(
        entry('Gast_dddddddddddd', 1901, {
          ...values,
          userAccountControl: '512',
          sAMAccountName: `u-${guest.replaceAll('-', '').slice(0, 18)}`,
        }),
      ),
    );
    expect(withGuest).toEqual(['account-control: userAccountControl']);
    const mailEnabled = brokenBy(({ tenant }) =>
      Object.assign(tenant.groups.get(team) ?? {}, { mailEnabled: true }),
    );
    expect(mailEnabled).toEqual(['extra-entry: mail-enabled groups are not written']);
  });
});
