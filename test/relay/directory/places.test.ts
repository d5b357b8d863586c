import { describe, expect, test } from 'vitest';
import { basesOf, type Places, placeOf } from '../../../relay/directory/places.ts';
import type { Dn } from '../../../relay/ports.ts';
import { fakeDirectory } from '../../fakes/directory.ts';
import { entry } from './windows-entries.ts';

const cloud = 'OU=Cloud,DC=wb,DC=example' as Dn;
const beside: Places = { destination: cloud, leavers: 'OU=Leavers,DC=wb,DC=example' as Dn };
const inside: Places = { destination: cloud, leavers: 'ou=leavers,ou=cloud,dc=wb,dc=example' as Dn };
const around: Places = { destination: `OU=Now,${cloud}` as Dn, leavers: cloud };
const one: Places = { destination: cloud, leavers: undefined };

describe('the two places', () => {
  test.each([
    [beside, 'CN=x,OU=Cloud,DC=wb,DC=example', 'destination'],
    [beside, 'CN=x,OU=Deep,OU=cloud,DC=wb,DC=example', 'destination'],
    [beside, 'CN=x,OU=Leavers,DC=wb,DC=example', 'leavers'],
    [beside, 'CN=x,OU=Elsewhere,DC=wb,DC=example', undefined],
    [beside, 'OU=Cloud,DC=wb,DC=example', undefined],
    [inside, 'CN=x,OU=Cloud,DC=wb,DC=example', 'destination'],
    [inside, 'CN=x,OU=Leavers,OU=Cloud,DC=wb,DC=example', 'leavers'],
    [around, 'CN=x,OU=Cloud,DC=wb,DC=example', 'leavers'],
    [around, 'CN=x,OU=Now,OU=Cloud,DC=wb,DC=example', 'destination'],
    [one, 'CN=x,OU=Leavers,DC=wb,DC=example', undefined],
  ])('[users.leaving.leavers-ou] the deeper decides: %#', (places, dn, place) => {
    expect(placeOf(dn, places)).toBe(place);
  });

  test('are searched without seeing an entry twice', () => {
    expect(basesOf(beside)).toEqual([beside.destination, beside.leavers]);
    expect(basesOf(inside)).toEqual([inside.destination]);
    expect(basesOf(around)).toEqual([around.leavers]);
    expect(basesOf(one)).toEqual([one.destination]);
  });

  test('an entry in an OU below its place stays there when it is renamed', async () => {
    const { directory, domain } = fakeDirectory();
    const { guid } = await directory.add(entry('user', { cn: 'Ada' }));
    domain.putUnit(`OU=Sales,${domain.destination}` as Dn);
    domain.rename(
      'administrator',
      `CN=Ada,${domain.destination}`,
      'CN=Ada',
      `OU=Sales,${domain.destination}`,
    );
    expect((await directory.read(guid, []))?.place).toBe('destination');
    expect(await directory.move(guid, { cn: 'Bea', place: 'destination' })).toBe(
      `CN=Bea,OU=Sales,${domain.destination}`,
    );
  });

  test("destination-missing: the leavers' OU is the destination, or does not exist", async () => {
    const { directory } = fakeDirectory({ leavers: 'ou=cloud,dc=wb,dc=example' as Dn });
    await expect(directory.describe()).rejects.toMatchObject({ code: 'destination-missing' });
  });
});
