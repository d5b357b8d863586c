import { beforeEach, describe, expect, it } from 'vitest';
import { userBare, userPresent, userSuspended } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { anna, mark } from './anna.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

describe('never', () => {
  it('[relay.ownership] is an entry changed that carries the mark but that we did not create', async () => {
    const forged = world.putForeign('Mallory', {
      adminDescription: mark,
      'msDS-ExternalDirectoryObjectId': mark,
    });
    const before = structuredClone(forged);
    for (const command of [userPresent('Anna'), userSuspended('Anna'), userBare('Anna', 'absent')])
      expect(await world.apply(command)).toMatchObject({ outcome: 'rejected', code: 'mark-foreign' });
    expect(world.domain.entries.get(forged.guid)).toEqual(before);
  });

  it('[relay.ownership] does a forged mark stand in the way of our own entry', async () => {
    await world.apply(userPresent('Anna'));
    world.putForeign('Mallory', { adminDescription: mark, 'msDS-ExternalDirectoryObjectId': mark });
    await world.restart();
    expect((await world.apply(userPresent('Anna', { enabled: false }))).outcome).toBe('updated');
    expect(world.see(anna)?.enabled).toBe(false);
  });

  it('are two entries of ours guessed between, but the one that the row is bound to is taken', async () => {
    const created = await world.apply(userPresent('Anna'));
    const twin = world.putForeign('Twin', { adminDescription: mark, 'msDS-ExternalDirectoryObjectId': mark });
    world.domain.put({ ...twin, owner: world.domain.serviceSid });
    await world.restart();
    expect(await world.apply(userPresent('Anna'))).toMatchObject({ code: 'mark-ambiguous' });
    const bound = userPresent('Anna', { objectGuid: created.objectGuid ?? '' });
    expect((await world.apply(bound)).outcome).toBe('unchanged');
  });

  it('are two guessed between only while the directory has both', async () => {
    await world.apply(userPresent('Anna'));
    const twin = world.putForeign('Twin', {
      sAMAccountName: 'twin',
      adminDescription: mark,
      'msDS-ExternalDirectoryObjectId': mark,
    });
    world.domain.put({ ...twin, owner: world.domain.serviceSid });
    await world.restart();
    expect(await world.apply(userPresent('Anna'))).toMatchObject({ code: 'mark-ambiguous' });
    world.domain.delete('administrator', `<GUID=${twin.guid}>`);
    expect((await world.apply(userPresent('Anna'))).outcome).toBe('unchanged');
  });

  it('[relay.protected] is a privileged entry changed', async () => {
    await world.apply(userPresent('Anna'));
    world.entryOf(anna)?.values.set('admincount', ['1']);
    expect(await world.apply(userPresent('Anna', { enabled: false }))).toMatchObject({
      outcome: 'rejected',
      code: 'entry-protected',
    });
    expect(world.see(anna)?.enabled).toBe(true);
  });

  it.each([
    'servicePrincipalName',
    'userAccountControl',
    'adminDescription',
    'unicodePwd',
    'memberOf',
    'displayname',
  ])('is %s written because a command names it', async (attribute) => {
    const attributes = { displayName: 'Anna', [attribute]: 'x' };
    expect(await world.apply(userPresent('Anna', { attributes }))).toMatchObject({
      outcome: 'rejected',
      code: 'attribute-not-allowed',
    });
    expect(world.seeAll()).toEqual([]);
  });

  it.each([
    ['cn', 'a'.repeat(65)],
    ['cn', 'line\nfeed'],
    ['sAMAccountName', 'a'.repeat(21)],
    ['sAMAccountName', 'a/b'],
    ['userPrincipalName', 'two@signs@contoso.example'],
  ] as const)('is a %s written that Windows would refuse', async (name, value) => {
    const names = { ...userPresent('Anna').names, [name]: [value] };
    expect(await world.apply(userPresent('Anna', { names }))).toMatchObject({
      outcome: 'rejected',
      code: 'value-not-allowed',
    });
  });
});
