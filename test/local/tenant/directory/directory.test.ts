import { describe, expect, test } from 'vitest';
import type { DirectoryChange } from '../../../../local/tenant/directory/changes.ts';
import { Directory } from '../../../../local/tenant/directory/directory.ts';
import { securityIdentifierOf } from '../../../../local/tenant/directory/security-identifier.ts';

/** A directory to which changes happen a second apart. */
function directoryOf(...changes: DirectoryChange[]): Directory {
  const directory = new Directory();
  changes.forEach((change, index) => {
    const entry = { ...change, seq: index + 1, at: (index + 1) * 1_000 };
    directory.apply(entry);
  });
  return directory;
}
const user = (id: string, properties = {}): DirectoryChange => ({
  op: 'create',
  type: 'user',
  id,
  properties,
});
const group = (id: string): DirectoryChange => ({ op: 'create', type: 'group', id, properties: {} });
const link = (target: string): DirectoryChange => {
  return { op: 'link', relation: 'members', group: 'g', targets: [target] };
};

describe('Directory', () => {
  test('shows an object as it was at an earlier position', () => {
    const patch: DirectoryChange = { op: 'patch', id: 'u', properties: { department: 'new' } };
    const directory = directoryOf(user('u', { department: 'old' }), patch, { op: 'delete', id: 'u' });
    expect(directory.objectAt('u', 1)?.properties).toEqual({ department: 'old' });
    expect(directory.objectAt('u', 2)).toMatchObject({ properties: { department: 'new' } });
    expect(directory.objectAt('u', 2)).not.toHaveProperty('deletedAt');
    expect(directory.objectAt('u', 3)).toHaveProperty('deletedAt', '1970-01-01T00:00:03Z');
    expect(directory.objectAt('u', 0)).toBeUndefined();
  });

  test('says whether an object came or changed lately', () => {
    const patch: DirectoryChange = { op: 'patch', id: 'u', properties: { department: 'new' } };
    const directory = directoryOf(user('u'), user('v'), patch);
    const since = (id: string, at: number) => directory.history.changedSince(id, at);
    expect([since('u', 1_000), since('u', 2_000), since('u', 3_001)]).toEqual([
      'created',
      'changed',
      undefined,
    ]);
    expect(since('v', 2_000)).toBe('created');
  });

  test('a purge takes the links of an object and of a group with it, and frees its name', () => {
    const name = { userPrincipalName: 'A@contoso.example' };
    const directory = directoryOf(user('u', name), group('g'), link('u'), { op: 'purge', id: 'u' });
    expect([...directory.members.of('g').keys()]).toEqual([]);
    expect(directory.userNamed('a@CONTOSO.example')).toBeUndefined();
    expect(directory.object('u')).toBeUndefined();
  });

  test('the name of a deleted user is free and is its own again after a restore', () => {
    const name = { userPrincipalName: 'a@contoso.example' };
    const deleted = directoryOf(user('u', name), { op: 'delete', id: 'u' });
    expect(deleted.userNamed('a@contoso.example')).toBeUndefined();
    const restored = directoryOf(user('u', name), { op: 'delete', id: 'u' }, { op: 'restore', id: 'u' });
    expect(restored.userNamed('a@contoso.example')?.id).toBe('u');
  });

  test('lists in order of creation from a position on', () => {
    const directory = directoryOf(user('c'), group('x'), user('a'), user('b'));
    const ids = (after: number) => [...directory.ofType('user', after)].map(({ id }) => id);
    expect([ids(0), ids(1), ids(3), ids(4)]).toEqual([['c', 'a', 'b'], ['a', 'b'], ['b'], []]);
  });
});

test('the cloud SID is S-1-12-1 and the four little-endian words of the id', () => {
  // The first three fields of a GUID are little-endian, its last eight bytes stand as they are.
  const id = '01020304-0506-0708-090a-0b0c0d0e0f10';
  const words = [0x01020304, 0x07080506, 0x0c0b0a09, 0x100f0e0d];
  expect(securityIdentifierOf(id)).toBe(`S-1-12-1-${words.join('-')}`);
});
