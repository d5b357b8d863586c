import { describe, expect, it } from 'vitest';
import { fencedDirectory } from '../../../relay/pump/fenced-directory.ts';
import { WritebackError } from '../../../shared/errors.ts';
import { fakeDirectory } from '../../fakes/directory.ts';
import { entry } from '../directory/windows-entries.ts';

const guid = '00000000-0000-0000-0000-000000000001' as never;

describe('a fenced directory', () => {
  it.each([
    ['add', (d) => d.add({ kind: 'user', cn: 'x', attributes: {} })],
    ['replace', (d) => d.replace(guid, { title: ['x'] })],
    ['move', (d) => d.move(guid, { cn: 'x', place: 'leavers' })],
    ['restore', (d) => d.restore(guid, 'x')],
    ['remove', (d) => d.remove(guid)],
    ['editMembers', (d) => d.editMembers(guid, { add: [guid], remove: [] })],
  ] as [string, (directory: ReturnType<typeof fencedDirectory>) => Promise<unknown>][])(
    'starts no %s where the fence does not let it',
    async (_, write) => {
      const { directory, domain } = fakeDirectory();
      const before = structuredClone([...domain.entries]);
      const fenced = fencedDirectory(directory, () => Promise.reject(new WritebackError('lock-lost')));
      await expect(write(fenced)).rejects.toMatchObject({ code: 'lock-lost' });
      expect([...domain.entries]).toEqual(before);
    },
  );

  it('writes no more of an edit of members in parts once the fence does not let it', async () => {
    const { directory, domain } = fakeDirectory();
    const add = async (kind: 'user' | 'group') => (await directory.add(entry(kind))).guid;
    const group = await add('group');
    const people = [await add('user'), await add('user'), await add('user'), await add('user')];
    const members = () => domain.entries.get(group)?.members ?? new Set();
    const edit = { add: [...people, group], remove: [] };
    let allowed = 3;
    const fenced = fencedDirectory(directory, async () => {
      if (--allowed < 0) throw new WritebackError('lock-lost');
    });
    await expect(fenced.editMembers(group, edit)).rejects.toMatchObject({ code: 'lock-lost' });
    const written = members().size;
    expect(written).toBeLessThan(people.length);
    allowed = 100;
    expect(await fenced.editMembers(group, edit)).toMatchObject({
      added: 4,
      refused: [{ guid: group, code: 'member-refused' }],
    });
    expect(allowed).toBeLessThan(98);
    expect(members().size).toBe(4);
  });

  it('reads without a fence', async () => {
    const { directory } = fakeDirectory();
    const fenced = fencedDirectory(directory, () => Promise.reject(new WritebackError('lock-lost')));
    expect(await fenced.read(guid, [])).toBeUndefined();
    expect(await fenced.findDeleted(guid)).toBeUndefined();
    expect(await fenced.findByCn('x', 'destination')).toBeUndefined();
    expect((await fenced.describe()).domain).toBe('wb.example');
  });
});
