import { describe, expect, it } from 'vitest';
import { fencedDirectory } from '../../../relay/pump/fenced-directory.ts';
import { WritebackError } from '../../../shared/errors.ts';
import { fakeDirectory } from '../../fakes/directory.ts';

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

  it('reads without a fence', async () => {
    const { directory } = fakeDirectory();
    const fenced = fencedDirectory(directory, () => Promise.reject(new WritebackError('lock-lost')));
    expect(await fenced.read(guid, [])).toBeUndefined();
    expect(await fenced.findDeleted(guid)).toBeUndefined();
    expect(await fenced.findByCn('x', 'destination')).toBeUndefined();
    expect((await fenced.describe()).domain).toBe('wb.example');
  });
});
