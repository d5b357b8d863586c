import { beforeEach, describe, expect, it } from 'vitest';
import { userBare, userPresent, userSuspended } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { anna, mark } from './anna.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

describe('a live user', () => {
  it('[relay.anchor] has one enabled entry with a password, its names and both marks', async () => {
    const result = await world.apply(userPresent('Anna'));
    expect(result.outcome).toBe('created');
    expect(world.see(anna)).toMatchObject({
      cn: `Anna_${anna.slice(-12)}`,
      enabled: true,
      values: {
        displayname: 'Anna',
        samaccountname: `u-${anna.replaceAll('-', '').slice(0, 18)}`,
        userprincipalname: 'anna@contoso.example',
        admindescription: mark,
        'msds-externaldirectoryobjectid': mark,
      },
    });
    expect(world.entryOf(anna)?.passwordSet).toBe(true);
    expect(result.objectGuid).toBe(world.entryOf(anna)?.guid);
    expect(result.objectSid).toBe(world.entryOf(anna)?.sid);
  });

  it('has a disabled entry with a password where it is disabled', async () => {
    await world.apply(userPresent('Anna', { enabled: false }));
    expect(world.see(anna)?.enabled).toBe(false);
    expect(world.entryOf(anna)?.passwordSet).toBe(true);
  });

  it('[relay.old-schema] has no second mark where the schema has no attribute for it', async () => {
    world = await relayWorld({ hasExternalId: false });
    await world.apply(userPresent('Anna'));
    expect(world.see(anna)?.values).not.toHaveProperty('msds-externaldirectoryobjectid');
  });

  it('keeps its entry when its display name changes, and the entry is renamed', async () => {
    await world.apply(userPresent('Anna'));
    const before = world.entryOf(anna)?.guid;
    const names = { ...userPresent('Anna').names, cn: [`Anna Berg_${anna.slice(-12)}`] };
    const result = await world.apply(
      userPresent('Anna', { names, attributes: { displayName: 'Anna Berg' } }),
    );
    expect(result).toMatchObject({ outcome: 'updated', changed: ['displayName', 'cn'] });
    expect(world.entryOf(anna)).toMatchObject({ guid: before, name: `Anna Berg_${anna.slice(-12)}` });
  });

  it('loses what is empty and keeps what is not named', async () => {
    await world.apply(userPresent('Anna', { attributes: { title: 'Boss', company: 'Contoso' } }));
    await world.apply(userPresent('Anna', { attributes: { title: null } }));
    expect(world.see(anna)?.values).toMatchObject({ company: 'Contoso' });
    expect(world.see(anna)?.values).not.toHaveProperty('title');
  });

  it('keeps account-control bits that are not ours', async () => {
    await world.apply(userPresent('Anna'));
    world.entryOf(anna)?.values.set('useraccountcontrol', [`${0x10000 | 512}`]);
    await world.apply(userPresent('Anna', { enabled: false }));
    expect(world.entryOf(anna)?.values.get('useraccountcontrol')).toEqual([`${0x10000 | 514}`]);
  });

  it('gets its password before it is enabled where a relay died in between', async () => {
    await world.apply(userPresent('Anna', { enabled: false }));
    const entry = world.entryOf(anna);
    entry?.values.set('useraccountcontrol', ['546']);
    if (entry !== undefined) world.domain.put({ ...entry, passwordSet: false });
    const result = await world.apply(userPresent('Anna'));
    expect(result).toMatchObject({ outcome: 'updated', changed: ['unicodePwd', 'userAccountControl'] });
    expect(world.entryOf(anna)?.passwordSet).toBe(true);
    expect(world.see(anna)?.enabled).toBe(true);
  });

  it('is found again by a relay that did not create it', async () => {
    await world.apply(userPresent('Anna'));
    await world.restart();
    expect((await world.apply(userPresent('Anna'))).outcome).toBe('unchanged');
  });

  it('is found where memory does not know it, because a miss is confirmed', async () => {
    await world.apply(userPresent('Anna'));
    world.workplace.index.forget(world.entryOf(anna)?.guid ?? ('' as never));
    expect((await world.apply(userPresent('Anna'))).outcome).toBe('unchanged');
    expect(world.seeAll()).toHaveLength(1);
  });

  it('is created anew where somebody deleted its entry', async () => {
    await world.apply(userPresent('Anna'));
    const before = world.entryOf(anna)?.guid;
    world.domain.delete('administrator', `<GUID=${before}>`);
    expect((await world.apply(userPresent('Anna'))).outcome).toBe('created');
    expect(world.entryOf(anna)?.guid).not.toBe(before);
  });
});

describe('a user that is no longer live', () => {
  it('is disabled with attributes and name as last written, where it is soft-deleted', async () => {
    await world.apply(userPresent('Anna'));
    const before = world.see(anna);
    const result = await world.apply(userSuspended('Anna'));
    expect(result.outcome).toBe('suspended');
    expect(world.see(anna)).toEqual({ ...before, enabled: false });
  });

  it('keeps its objectGUID and SID when it is restored', async () => {
    const created = await world.apply(userPresent('Anna'));
    await world.apply(userSuspended('Anna'));
    const restored = await world.apply(userPresent('Anna'));
    expect(restored).toMatchObject({ objectGuid: created.objectGuid, objectSid: created.objectSid });
    expect(world.see(anna)?.enabled).toBe(true);
  });

  it('has no entry where it is purged', async () => {
    await world.apply(userPresent('Anna'));
    expect((await world.apply(userBare('Anna', 'absent'))).outcome).toBe('deleted');
    expect(world.seeAll()).toEqual([]);
    expect((await world.apply(userBare('Anna', 'absent'))).outcome).toBe('unchanged');
  });

  it('loses our marks and nothing else where it became synced', async () => {
    await world.apply(userPresent('Anna'));
    const entry = world.entryOf(anna);
    const before = world.see(anna);
    expect((await world.apply(userBare('Anna', 'released'))).outcome).toBe('released');
    const { admindescription: _, 'msds-externaldirectoryobjectid': __, ...rest } = before?.values ?? {};
    expect(world.seeAll()).toEqual([{ ...before, values: rest }]);
    expect(world.domain.entries.get(entry?.guid ?? ('' as never))).toBeDefined();
  });

  it('is not created by a state that needs no entry', async () => {
    for (const left of [userSuspended('Anna'), userBare('Anna', 'absent'), userBare('Anna', 'released')])
      expect((await world.apply(left)).outcome).toBe('unchanged');
    expect(world.seeAll()).toEqual([]);
  });
});

describe('after a lost connection', () => {
  it('the command is held, and repeating it reads first and does not create twice', async () => {
    world.faults.loseNextAnswer = true;
    await expect(world.apply(userPresent('Anna'))).rejects.toMatchObject({ code: 'directory-unavailable' });
    expect((await world.apply(userPresent('Anna'))).outcome).toBe('updated');
    expect(world.seeAll()).toHaveLength(1);
    expect(world.see(anna)?.enabled).toBe(true);
  });
});

describe('an entry that the search for its mark does not find', () => {
  const bound = (guid: string | undefined) => userPresent('Anna', { objectGuid: guid ?? '' });
  const count = () => [...world.domain.entries.values()].filter(({ name }) => name.startsWith('Anna')).length;

  it.each([['another'], [undefined]])(
    'is found by its objectGUID where its external id is %s, and gets it back',
    async (value) => {
      const relay = await world.another();
      const { objectGuid } = await world.apply(userPresent('Anna'));
      const attribute = 'msds-externaldirectoryobjectid';
      if (value === undefined) world.entryOf(anna)?.values.delete(attribute);
      else world.entryOf(anna)?.values.set(attribute, [value]);
      expect(await relay(bound(objectGuid))).toMatchObject({ outcome: 'updated', objectGuid });
      expect(world.see(anna)?.values[attribute]).toBe(mark);
      expect(count()).toBe(1);
    },
  );

  it('is not replaced by a twin where it was moved to another OU, and found again when it comes back', async () => {
    const { objectGuid } = await world.apply(userPresent('Anna'));
    const entry = world.entryOf(anna);
    if (entry === undefined) throw new Error('no entry');
    entry.parent = world.domain.base;
    for (const command of [bound(objectGuid), userBare('Anna', 'absent', { objectGuid: objectGuid ?? '' })])
      expect(await world.apply(command)).toMatchObject({ outcome: 'rejected', code: 'entry-moved' });
    expect(count()).toBe(1);
    entry.parent = world.domain.destination;
    expect(await world.apply(bound(objectGuid))).toMatchObject({ outcome: 'unchanged', objectGuid });
  });

  it('is none where it was moved and is to be released, lost our mark, or was deleted', async () => {
    const { objectGuid } = await world.apply(userPresent('Anna'));
    const entry = world.entryOf(anna);
    if (entry === undefined) throw new Error('no entry');
    entry.parent = world.domain.base;
    const released = await world.apply(userBare('Anna', 'released', { objectGuid: objectGuid ?? '' }));
    expect(released.code).toBeUndefined();
    entry.values.delete('admindescription');
    const absent = userBare('Anna', 'absent', { objectGuid: objectGuid ?? '' });
    expect((await world.apply(absent)).outcome).toBe('unchanged');
    world.domain.delete('administrator', `<GUID=${objectGuid}>`);
    expect((await world.apply(bound(objectGuid))).outcome).toBe('created');
  });
});
