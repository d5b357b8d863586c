import type { Ring, Want } from '../contracts/ring.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Hint } from './items.ts';

/** `now`: when it rings. */
export type Ringing = { now: EpochMs };

/** A ring of one's own accord. It has no trace yet: the doorbell begins one. */
export type NewRing = { to: 'users' | 'groups'; message: Omit<Ring, 'traceparent'> };

/** What such rings are sent by (beginning-traces.ts). Throws as an outbox does. */
export type Doorbell = { send(rings: readonly NewRing[]): Promise<void> };

const idsPerRing = 500;

export function newRing(
  ringing: Ringing,
  ring: { kind: Kind; cause: Ring['cause']; want: Want; eventAt?: number | undefined },
): NewRing {
  const message: NewRing['message'] = {
    v: 1,
    type: 'ring',
    kind: ring.kind,
    cause: ring.cause,
    attempt: 0,
    want: ring.want,
    times: ring.eventAt === undefined ? { ring: ringing.now } : { event: ring.eventAt, ring: ringing.now },
  };
  return { to: ring.kind === 'user' ? 'users' : 'groups', message };
}

/** Both doorbells: look at everything since the cursor. */
export function roundRings(ringing: Ringing, cause: Ring['cause']): NewRing[] {
  return (['user', 'group'] as const).map((kind) =>
    newRing(ringing, { kind, cause, want: { type: 'round' } }),
  );
}

/** Rings to look at objects; at most 500 ids in one. */
export function lookRings(
  ringing: Ringing,
  look: { kind: Kind; cause: Ring['cause']; ids: readonly ObjectId[]; eventAt?: number | undefined },
): NewRing[] {
  const ids = [...new Set(look.ids)];
  const { kind, cause, eventAt } = look;
  const rings: NewRing[] = [];
  for (let at = 0; at < ids.length; at += idsPerRing) {
    const want: Want = { type: 'look', ids: ids.slice(at, at + idsPerRing) };
    rings.push(newRing(ringing, { kind, cause, want, eventAt }));
  }
  return rings;
}

/**
 * The rings for what a notification names. A ring has one event time and one trace, so ids share one where the event time is
 * the same; an object named several times counts with its earliest. A flood of times is folded: above 50 the rest shares the
 * earliest of the rest.
 */
export function hintRings(ringing: Ringing, hints: readonly Hint[]): NewRing[] {
  return (['user', 'group'] as const).flatMap((kind) => {
    const earliest = new Map<ObjectId, number | undefined>();
    for (const hint of hints) {
      if (hint.kind !== kind) continue;
      const before = earliest.get(hint.id);
      earliest.set(hint.id, Math.min(hint.eventAt ?? Infinity, before ?? Infinity));
    }
    const byTime = Map.groupBy([...earliest], ([, at = Infinity]) => at);
    const groups = [...byTime].sort(([a], [b]) => a - b);
    const kept = groups.slice(0, maxTimes);
    const rest = groups.slice(maxTimes);
    const folded = rest.flatMap(([, entries]) => entries);
    if (folded.length > 0) kept.push([rest[0]?.[0] ?? Infinity, folded]);
    return kept.flatMap(([at, entries]) => {
      const eventAt = at === Infinity ? undefined : at;
      return lookRings(ringing, { kind, cause: 'notification', ids: entries.map(([id]) => id), eventAt });
    });
  });
}

const maxTimes = 50;
