import { describe, expect, it } from 'vitest';
import { brokenBy } from './broken-company.ts';
import { destination, entry, owners, team } from './company-in-ad.ts';

describe('compare', () => {
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
});
