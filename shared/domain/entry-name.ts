import { cleanText, cutText } from './clean-text.ts';
import type { Kind, ObjectId } from './object-id.ts';

/** cn: up to 51 units of the display name, `_`, the last 12 hex digits of the id; at most 64 units in all. */
export function commonName(displayName: string | null, id: ObjectId): string {
  return `${cutText(cleanText(displayName), 51)}_${id.slice(-12)}`;
}

/** sAMAccountName: `u-` or `g-` and the first 18 hex digits of the id; 20 characters, what AD allows a user. */
export function accountName(kind: Kind, id: ObjectId): string {
  return `${kind === 'user' ? 'u' : 'g'}-${id.replaceAll('-', '').slice(0, 18)}`;
}
