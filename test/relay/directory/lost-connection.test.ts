import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NewEntry } from '../../../relay/ports.ts';
import { fakeDirectory } from '../../fakes/directory.ts';

const newUser = (): NewEntry => {
  const id = randomUUID();
  return {
    kind: 'user',
    cn: id,
    attributes: {
      sAMAccountName: `u-${id.replaceAll('-', '').slice(0, 18)}`,
      adminDescription: `User_${id}`,
    },
  };
};

/** After a lost connection during a write its outcome is unknown; nothing here may hide that or make it worse. */
describe('a lost connection', () => {
  test('during a write is reported, and the write is not repeated', async () => {
    const { directory, domain, faults } = fakeDirectory();
    await directory.describe();
    faults.loseNextAnswer = true;
    const before = domain.entries.size;
    await expect(directory.add(newUser())).rejects.toMatchObject({ code: 'directory-unavailable' });
    expect(domain.entries.size).toBe(before + 1);
  });

  test('during a change of members is reported, not taken for a refusal of some member', async () => {
    const { directory, faults } = fakeDirectory();
    const user = await directory.add(newUser());
    const group = await directory.add({
      ...newUser(),
      kind: 'group',
      attributes: { groupType: '-2147483640' },
    });
    faults.loseNextAnswer = true;
    const edit = directory.editMembers(group.guid, { add: [user.guid], remove: [] });
    await expect(edit).rejects.toMatchObject({ code: 'directory-unavailable' });
    expect((await directory.members(group.guid)).map(({ guid }) => guid)).toEqual([user.guid]);
  });

  test('that was idle costs a read nothing', async () => {
    const { directory, faults } = fakeDirectory();
    const user = await directory.add(newUser());
    faults.dropNextConnection = true;
    expect((await directory.read(user.guid, []))?.guid).toBe(user.guid);
  });

  test('that the server forgot the bind of costs nothing, a write neither: nothing was done on it', async () => {
    const { directory, faults } = fakeDirectory();
    const user = await directory.add(newUser());
    faults.forgetNextBind = true;
    await directory.replace(user.guid, { title: ['Boss'] });
    faults.forgetNextBind = true;
    expect((await directory.read(user.guid, ['title']))?.attributes).toEqual({ title: 'Boss' });
  });

  test('directory-unavailable while no connection is accepted, and no longer', async () => {
    const { directory, faults } = fakeDirectory();
    const user = await directory.add(newUser());
    faults.refuseConnections = true;
    faults.dropNextConnection = true;
    await expect(directory.read(user.guid, [])).rejects.toMatchObject({ code: 'directory-unavailable' });
    faults.refuseConnections = false;
    expect((await directory.read(user.guid, []))?.guid).toBe(user.guid);
  });
});
