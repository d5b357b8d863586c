import type { CloudUser } from '../../domain/cloud-object.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { type Ask, type Asked, mergeAsks, type ReportsAsk } from '../merge-rings.ts';
import type { Reading } from '../reading.ts';
import { chunksOf } from '../rings.ts';

/** Managers whose reports are read at a time, so that those keep the trace of one of few. */
const chunkSize = 20;

/**
 * A manager got an entry, or got it back: whoever reports to it is looked at, and sent again even though nothing about them
 * changed, because what the relay could not write before it can write now.
 */
export async function withReports({ deps, signal }: Reading<CloudUser>, asked: Asked): Promise<Asked> {
  if (asked.reports.length === 0) return asked;
  const looks = new Map(asked.looks.map((ask): [ObjectId, Ask] => [ask.id, ask]));
  for (const managers of chunksOf(asked.reports, chunkSize)) {
    signal.throwIfAborted();
    const reports = await deps.tenant.reportsTo(managers.map(({ id }) => id));
    for (const id of reports) looks.set(id, mergeAsks(looks.get(id), askAbout(id, managers[0])));
  }
  return { ...asked, looks: [...looks.values()] };
}

function askAbout(id: ObjectId, { id: _, ...origin }: ReportsAsk): Ask {
  return { ...origin, id, attempt: 0, fresh: false, forced: true, parked: false, nameWanted: false };
}
