import type { ObjectId } from './object-id.ts';

/** How many sessions the queue `writes` has. It never changes: an object is always in the same lane. */
export const laneCount = 128;

/** The lane (session id, `000` to `127`) of an object: FNV-1a over its id. */
export function laneOf(id: ObjectId): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return String((hash >>> 0) % laneCount).padStart(3, '0');
}
