import { beforeEach, describe, expect, it } from 'vitest';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import { groupPresent, idOf, userKey, userPresent } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const anna = idOf('Anna');

describe('a photo', () => {
  const jpeg = (size: number, last = 0) => {
    const bytes = Buffer.alloc(size, last);
    bytes.set([0xff, 0xd8, 0xff]);
    return bytes;
  };
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
  const withPhoto = (bytes: Buffer | null) =>
    world.apply(userPresent('Anna', { photo: bytes === null ? null : bytes.toString('base64') }));
  const stored = () => world.entryOf(anna)?.values.get('thumbnailphoto')?.[0];

  it('[users.attributes.photo] is written, replaced where it is another one, and cleared', async () => {
    await withPhoto(jpeg(1_000));
    expect(stored()).toEqual(jpeg(1_000));
    expect(await withPhoto(jpeg(1_000))).toMatchObject({ outcome: 'unchanged' });
    expect(await withPhoto(png)).toMatchObject({ changed: ['thumbnailPhoto'] });
    expect(stored()).toEqual(png);
    expect((await world.apply(userPresent('Anna'))).changed).toEqual([]);
    await withPhoto(null);
    expect(stored()).toBeUndefined();
  });

  it('[users.attributes.photo] is 100 KiB at most, and JPEG or PNG', async () => {
    expect(await withPhoto(jpeg(102_400))).toMatchObject({ outcome: 'created' });
    for (const bytes of [jpeg(102_401), Buffer.from('<svg onload="x">'), Buffer.alloc(0)])
      expect(await withPhoto(bytes)).toMatchObject({ outcome: 'rejected', code: 'value-not-allowed' });
    expect(stored()).toEqual(jpeg(102_400));
  });
});

describe('a manager', () => {
  const managed = (manager: MemberKey | null) => world.apply(userPresent('Anna', { manager }));

  it('[users.attributes.manager] is the entry of ours by mark, changes, and goes', async () => {
    await world.apply(userPresent('Bert'));
    await world.apply(userPresent('Cleo'));
    expect(await managed(userKey('Bert'))).toMatchObject({ outcome: 'created', missing: [] });
    expect(world.see(anna)?.manager).toBe(world.see(idOf('Bert'))?.cn);
    expect(await managed(userKey('Bert'))).toMatchObject({ outcome: 'unchanged' });
    expect(await managed(userKey('Cleo'))).toMatchObject({ changed: ['manager'] });
    expect(world.see(anna)?.manager).toBe(world.see(idOf('Cleo'))?.cn);
    expect((await world.apply(userPresent('Anna'))).changed).toEqual([]);
    await managed(null);
    expect(world.see(anna)?.manager).toBeUndefined();
  });

  it('[users.attributes.manager] that has no entry yet is missing, and is written when it has one', async () => {
    await world.apply(userPresent('Bert'));
    await managed(userKey('Bert'));
    expect(await managed(userKey('Dora'))).toMatchObject({ outcome: 'updated', missing: [userKey('Dora')] });
    expect(world.see(anna)?.manager).toBeUndefined();
    await world.apply(userPresent('Dora'));
    expect(await managed(userKey('Dora'))).toMatchObject({ changed: ['manager'], missing: [] });
  });

  it('[users.attributes.manager] that is synced is found by SID, a privileged one as well', async () => {
    const chief = world.putOnPremises('chief', { adminCount: 1 });
    expect(await managed(`s:${chief.sid}` as MemberKey)).toMatchObject({ omitted: [] });
    expect(world.see(anna)?.manager).toBe('chief');
  });

  it('[users.attributes.manager] that AD does not know or that is a group is left out and named', async () => {
    await world.apply(groupPresent('Team'));
    for (const [key, code] of [
      ['s:S-1-5-21-1-2-3-99999', 'member-missing'],
      [`s:${world.entryOf(idOf('Team'))?.sid}`, 'member-protected'],
      [`g:${idOf('Team')}`, 'member-protected'],
    ]) {
      const result = await managed(key as MemberKey);
      expect(result.outcome).not.toBe('rejected');
      expect(result.omitted).toEqual([{ key, code }]);
    }
    expect(world.see(anna)?.manager).toBeUndefined();
  });

  it('[users.attributes.manager] that was deleted behind our back is missing, not a failure', async () => {
    await world.apply(userPresent('Bert'));
    world.domain.delete('administrator', `<GUID=${world.entryOf(idOf('Bert'))?.guid}>`);
    const result = await managed(userKey('Bert'));
    expect(result).toMatchObject({ outcome: 'created', missing: [userKey('Bert')] });
    expect(world.see(anna)?.enabled).toBe(true);
  });

  it('[users.attributes.manager] is kept through renames and moves of either', async () => {
    await world.apply(userPresent('Bert'));
    await managed(userKey('Bert'));
    await world.apply(userPresent('Bert', { names: { ...userPresent('Bert').names, cn: ['Bert Berg'] } }));
    expect(await managed(userKey('Bert'))).toMatchObject({ outcome: 'unchanged' });
    expect(world.see(anna)?.manager).toBe('Bert Berg');
  });
});
