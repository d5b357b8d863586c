import { type Kind, type ObjectId, objectIdFrom } from './object-id.ts';

/**
 * A member of a group as both sides can name it: `u:<id>` and `g:<id>` are written-back users and groups by cloud id,
 * `s:<SID>` is a user or group synced from AD, `x:<objectGUID>` is anything else that AD lists (no command ever names one).
 * Keys sort as text; a slice is a range of that order.
 */
export type MemberKey = string & { readonly __brand: 'MemberKey' };

const sidText = /^S-1-(\d+-)+\d+$/;

export function keyOfWritten(kind: Kind, id: ObjectId): MemberKey {
  return `${kind === 'user' ? 'u' : 'g'}:${id}` as MemberKey;
}

export function keyOfSid(sid: string): MemberKey {
  return `s:${sid}` as MemberKey;
}

export type ParsedMemberKey = { type: 'written'; kind: Kind; id: ObjectId } | { type: 'sid'; sid: string };

/** What a key names, or undefined where the text is not a key that a command may carry. */
export function parseMemberKey(text: string): ParsedMemberKey | undefined {
  const rest = text.slice(2);
  if (text.startsWith('s:')) return sidText.test(rest) ? { type: 'sid', sid: rest } : undefined;
  const id = objectIdFrom(rest);
  if (id === undefined || id !== rest) return undefined;
  if (text.startsWith('u:')) return { type: 'written', kind: 'user', id };
  if (text.startsWith('g:')) return { type: 'written', kind: 'group', id };
  return undefined;
}
