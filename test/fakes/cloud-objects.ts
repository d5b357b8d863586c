import { blankGroup, blankUser } from '../../shared/configuration/try-mapping.ts';
import type { CloudGroup, CloudUser } from '../../shared/domain/cloud-object.ts';
import { type ObjectId, objectIdFrom } from '../../shared/domain/object-id.ts';

/** The n-th object id, different for users, groups and others. */
export function idOf(type: 'user' | 'group' | 'other', n: number): ObjectId {
  const first = { user: 'aaaaaaaa', group: 'bbbbbbbb', other: 'cccccccc' }[type];
  const id = objectIdFrom(`${first}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`);
  if (id === undefined) throw new Error('not an id');
  return id;
}

export function cloudUser(id: ObjectId, values: Partial<CloudUser> = {}): CloudUser {
  return {
    ...blankUser,
    id,
    userPrincipalName: `user-${id.slice(-4)}@contoso.example`,
    displayName: `User ${id.slice(-4)}`,
    ...values,
  };
}

export function cloudGroup(id: ObjectId, values: Partial<CloudGroup> = {}): CloudGroup {
  return {
    ...blankGroup,
    id,
    displayName: `Group ${id.slice(-4)}`,
    ...values,
  };
}
