import { describe, expect, it } from 'vitest';
import { compare } from '../../../local/verify/compare.ts';
import type { DirectoryEntry } from '../../../local/verify/directory-state.ts';
import { reportLines, withoutValues } from '../../../local/verify/report.ts';
import { broken, brokenBy, without, world } from './broken-company.ts';
import {
  ada,
  alerts,
  bob,
  destination,
  entry,
  leavers,
  left,
  mueller,
  news,
  room,
  secret,
  synced,
  syncedDn,
  team,
} from './company-in-ad.ts';

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
