import type { Kind } from '../domain/object-id.ts';
import type { State } from '../ports.ts';
import { type Doorbell, newRing, type Ringing } from './rings-for.ts';

const kinds: readonly Kind[] = ['user', 'group'];

/**
 * Rings the doorbells whose cursor was begun under another configuration, so that a full round begins when the app starts and not with
 * the next sweep. Answers which kinds it rang; a kind that was never read needs no ring.
 */
export async function ringChangedMapping(
  { state, outbox }: { state: Pick<State, 'cursor'>; outbox: Doorbell },
  ringing: Ringing,
  mapping: string,
): Promise<Kind[]> {
  const changed: Kind[] = [];
  for (const kind of kinds) {
    const cursor = await state.cursor(kind);
    if (cursor !== undefined && cursor.mapping !== mapping) changed.push(kind);
  }
  const rings = changed.map((kind) =>
    newRing(ringing, { kind, cause: 'configuration', want: { type: 'round' } }),
  );
  if (rings.length > 0) await outbox.send(rings);
  return changed;
}
