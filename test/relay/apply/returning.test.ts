import { beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/contracts/result.ts';
import {
  groupBare,
  groupPresent,
  idOf,
  slice,
  userBare,
  userKey,
  userPresent,
  userSuspended,
} from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const anna = idOf('Anna');
const formerOf = ({ objectGuid = '', objectSid = '' }: Result) => ({ former: { objectGuid, objectSid } });

describe('a user that returns', () => {
  it('[users.returning.recycle-bin] gets its deleted entry back, with SID, groups and reports', async () => {
    const created = await world.apply(userPresent('Anna'));
    await world.apply(userPresent('Bert', { manager: userKey('Anna') }));
    await world.apply(groupPresent('Team'));
    await world.apply(slice('Team', [userKey('Anna')]));
    const before = world.see(anna);
    await world.apply(userBare('Anna', 'absent'));
    expect(world.entryOf(anna)).toBeUndefined();
    const back = await world.apply(userPresent('Anna', { ...formerOf(created), mayEnable: false }));
    expect(back).toMatchObject({
      outcome: 'created',
      objectGuid: created.objectGuid,
      objectSid: created.objectSid,
      notices: ['restored-from-recycle-bin'],
      account: 'enabled',
    });
    expect(world.see(anna)).toEqual(before);
    expect(world.see(idOf('Team'))?.members).toEqual([before?.cn]);
    expect(world.see(idOf('Bert'))?.manager).toBe(before?.cn);
  });

  it('[users.returning.recycle-bin] names the groups of ours that it came back into, also told again', async () => {
    const created = await world.apply(userPresent('Anna'));
    await world.apply(groupPresent('Team'));
    await world.apply(slice('Team', [userKey('Anna')]));
    await world.apply(userBare('Anna', 'absent'));
    const back = userPresent('Anna', formerOf(created));
    expect((await world.apply(back)).memberOf).toEqual([idOf('Team')]);
    expect((await world.apply(back)).memberOf).toEqual([idOf('Team')]);
    expect((await world.apply(userPresent('Anna'))).memberOf).toEqual([]);
  });

  it('[users.returning.recycle-bin] is corrected to what the cloud says by now', async () => {
    const created = await world.apply(userPresent('Anna', { attributes: { title: 'Clerk' } }));
    await world.apply(userBare('Anna', 'absent'));
    const names = { ...userPresent('Anna').names, cn: ['Anna Berg'] };
    const now = userPresent('Anna', {
      ...formerOf(created),
      names,
      attributes: { title: 'Boss' },
      enabled: false,
    });
    await world.apply(now);
    expect(world.see(anna)).toMatchObject({ cn: 'Anna Berg', enabled: false, values: { title: 'Boss' } });
    expect(await world.apply(now)).toMatchObject({
      outcome: 'unchanged',
      notices: ['restored-from-recycle-bin'],
    });
  });

  it('[users.returning.recycle-bin] is enabled where it was disabled before it was deleted', async () => {
    const created = await world.apply(userPresent('Anna'));
    await world.apply(userSuspended('Anna'));
    await world.apply(userBare('Anna', 'absent'));
    const back = userPresent('Anna', { ...formerOf(created), mayEnable: false });
    expect(await world.apply(back)).toMatchObject({ account: 'enabled' });
    expect(world.see(anna)?.enabled).toBe(true);
  });

  it('[users.returning.recycle-bin] gets the next cn where somebody has the first by now', async () => {
    const created = await world.apply(userPresent('Anna'));
    await world.apply(userBare('Anna', 'absent'));
    world.putForeign(userPresent('Anna').names.cn[0] ?? '', {});
    const names = { ...userPresent('Anna').names, cn: [...userPresent('Anna').names.cn, 'Anna 2'] };
    const back = await world.apply(userPresent('Anna', { ...formerOf(created), names }));
    expect(back).toMatchObject({ objectSid: created.objectSid, notices: ['restored-from-recycle-bin'] });
    expect(world.see(anna)?.cn).toBe('Anna 2');
  });

  it.each([
    ['there is no recycle bin', { hasRecycleBin: false }],
    ['the relay may not restore', { mayRestore: false }],
  ])('[users.returning.new-sid] gets a new entry where %s, and the result says so', async (_, options) => {
    world = await relayWorld(options);
    const created = await world.apply(userPresent('Anna'));
    await world.apply(userBare('Anna', 'absent'));
    const back = await world.apply(userPresent('Anna', formerOf(created)));
    expect(back).toMatchObject({ outcome: 'created', notices: ['sid-new'], account: 'enabled' });
    expect(back.objectSid).not.toBe(created.objectSid);
    expect(world.see(anna)?.values['samaccountname']).toBe(userPresent('Anna').names.sAMAccountName[0]);
  });

  it('[users.returning.recycle-bin] never gets the entry of somebody else', async () => {
    await world.apply(userPresent('Anna'));
    const other = await world.apply(userPresent('Other'));
    await world.apply(userBare('Anna', 'absent'));
    await world.apply(userBare('Other', 'absent'));
    const back = await world.apply(userPresent('Anna', formerOf(other)));
    expect(back).toMatchObject({ outcome: 'created', notices: ['sid-new'] });
    expect(back.objectGuid).not.toBe(other.objectGuid);
    expect(world.entryOf(idOf('Other'))).toBeUndefined();
  });

  it('[users.returning.recycle-bin] never gets an entry that we did not create', async () => {
    const mark = `User_${anna}`;
    const forged = world.putForeign('Mallory', {
      adminDescription: mark,
      'msDS-ExternalDirectoryObjectId': mark,
    });
    world.domain.delete('administrator', `<GUID=${forged.guid}>`);
    const former = { objectGuid: forged.guid, objectSid: forged.sid ?? '' };
    const result = await world.apply(userPresent('Anna', { former }));
    expect(result).toMatchObject({ outcome: 'created', notices: ['sid-new'] });
    expect(world.entryOf(anna)?.guid).not.toBe(forged.guid);
    expect([world.domain.deleted.has(forged.guid), world.domain.entries.has(forged.guid)]).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    [
      'only the mark is there that its own user can write',
      (values: Map<string, unknown>) => values.delete('admindescription'),
    ],
    ['it was privileged', (values: Map<string, unknown>) => values.set('admincount', ['1'])],
  ])('[users.returning.recycle-bin] never gets an entry back where %s', async (_, spoil) => {
    const created = await world.apply(userPresent('Anna'));
    const guid = world.entryOf(anna)?.guid ?? ('' as never);
    spoil(world.entryOf(anna)?.values ?? new Map());
    world.domain.delete('administrator', `<GUID=${guid}>`);
    await world.restart();
    const back = await world.apply(userPresent('Anna', formerOf(created)));
    expect(back).toMatchObject({ outcome: 'created', notices: ['sid-new'] });
    expect(world.entryOf(anna)?.guid).not.toBe(guid);
    expect(world.domain.deleted.has(guid)).toBe(true);
  });

  it('[users.account.on-premises-disable] stays disabled where its entry was never deleted, whatever the command calls it', async () => {
    const created = await world.apply(userPresent('Anna'));
    world.entryOf(anna)?.values.set('useraccountcontrol', ['514']);
    const back = userPresent('Anna', { ...formerOf(created), mayEnable: false });
    expect(await world.apply(back)).toMatchObject({ account: 'disabled-on-premises' });
    expect(world.see(anna)?.enabled).toBe(false);
  });

  it('[users.returning.same-account] needs no recycle bin where its entry is still there', async () => {
    const created = await world.apply(userPresent('Anna'));
    const back = await world.apply(userPresent('Anna', { ...formerOf(created) }));
    expect(back).toMatchObject({ outcome: 'unchanged', objectSid: created.objectSid });
  });
});

describe('a group that returns', () => {
  it('[groups.returning] gets its deleted entry back, with SID and members', async () => {
    await world.apply(userPresent('Anna'));
    const created = await world.apply(groupPresent('Team'));
    await world.apply(slice('Team', [userKey('Anna')]));
    const before = world.see(idOf('Team'));
    await world.apply(groupBare('Team', 'absent'));
    const back = await world.apply(groupPresent('Team', formerOf(created)));
    expect(back).toMatchObject({
      outcome: 'created',
      objectSid: created.objectSid,
      notices: ['restored-from-recycle-bin'],
    });
    expect(world.see(idOf('Team'))).toEqual(before);
  });
});
