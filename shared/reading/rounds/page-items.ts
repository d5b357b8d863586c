import type { ObjectId } from '../../domain/object-id.ts';
import type { DeltaItem } from '../../ports.ts';
import type { Shown } from '../deciding/decision.ts';
import { shownAs } from '../deciding/second-look.ts';
import type { CloudObject } from '../kind-rules.ts';
import type { Ask } from '../merge-rings.ts';
import type { Reading } from '../reading.ts';
import type { Origin } from '../trace.ts';

/** The question that an item of a page amounts to. */
export function asksOf<T>(items: readonly DeltaItem<T>[], origin: Origin): Ask[] {
  return items.map(({ id }) => ({ ...origin, id, ...unasked }));
}

const unasked = { attempt: 0, fresh: false, forced: false, parked: false, nameWanted: false };

/** What a page claims about each object, to be compared with the direct read. */
export function shownOf<T extends CloudObject>(
  { rules, deps }: Pick<Reading<T>, 'rules' | 'deps'>,
  items: readonly DeltaItem<T>[],
): Map<ObjectId, Shown> {
  return new Map(
    items.map((item): [ObjectId, Shown] =>
      item.type === 'live'
        ? [item.id, shownAs(rules, item.object, deps.writeback)]
        : [item.id, { type: 'removed', reason: item.reason }],
    ),
  );
}

/**
 * One item per object: the last state wins, membership news add up (a large group comes in several items). What the last item leaves
 * open (a manager that an earlier one names) stays as it was told.
 */
export function mergeItems<T>(items: readonly DeltaItem<T>[]): DeltaItem<T>[] {
  const merged = new Map<ObjectId, DeltaItem<T>>();
  for (const item of items) {
    const before = merged.get(item.id);
    merged.set(
      item.id,
      before?.type === 'live' && item.type === 'live'
        ? {
            ...item,
            object: { ...before.object, ...item.object },
            added: [...before.added, ...item.added],
            removed: [...before.removed, ...item.removed],
          }
        : item,
    );
  }
  return [...merged.values()];
}
