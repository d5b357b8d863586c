import { type Kind, type ObjectId, objectIdFrom } from './object-id.ts';

/**
 * `User_<id>` or `Group_<id>`: the text by which Microsoft's own writers mark what they wrote. In `adminDescription`
 * it also keeps Entra Connect from syncing the entry back up (Cloud Sync attribute mapping page).
 */
export type Mark = `User_${string}` | `Group_${string}`;

export function markOf(kind: Kind, id: ObjectId): Mark {
  return kind === 'user' ? `User_${id}` : `Group_${id}`;
}

/** The cloud object that a mark names, or undefined where the text is no mark of ours. */
export function markedObject(text: string): { kind: Kind; id: ObjectId } | undefined {
  const match = /^(User|Group)_(.+)$/.exec(text);
  const id = match?.[2] === undefined ? undefined : objectIdFrom(match[2]);
  if (id === undefined) return undefined;
  return { kind: match?.[1] === 'User' ? 'user' : 'group', id };
}
