import { chunksOf } from '../../domain/chunks-of.ts';
import type { CloudUser } from '../../domain/cloud-object.ts';
import { keyOfWritten } from '../../domain/member-key.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { compareOrders } from '../../domain/order.ts';
import type { Row } from '../../ports.ts';
import { managerMissing } from '../../recording/manager-missing.ts';
import { type Ask, type Asked, mergeAsks, type ReportsAsk } from '../merge-rings.ts';
import type { Reading } from '../reading.ts';
import { stageOf } from '../rounds/stage.ts';

/** Managers whose reports are read at a time, so that those keep the trace of one of few. */
const chunkSize = 20;

/**
 * A manager got an entry, or got it back. Whoever reports to it may need a command, and in a first full round nearly everybody
 * reports to somebody; so each is asked only for what its row leaves open:
 *
 *   no row, pages are being read     nothing: its page is still to come, and the manager has an entry by then
 *   not written                      nothing: whatever it is sent when it enters names the manager
 *   its row names another manager    looked at, and sent because it differs
 *   a result is still to come        nothing: if the manager was missing, that result rings for it (record-missing.ts)
 *   the manager was missing, or the  sent again even though nothing about it changed: what the relay could not write before
 *   last command is older than its   it can write now
 *   entry
 *   else                             nothing: it was sent after the manager had its entry
 */
export async function withReports(reading: Reading<CloudUser>, asked: Asked): Promise<Asked> {
  if (asked.reports.length === 0) return asked;
  const looks = new Map(asked.looks.map((ask): [ObjectId, Ask] => [ask.id, ask]));
  for (const managers of chunksOf(asked.reports, chunkSize)) {
    reading.signal.throwIfAborted();
    for (const ask of await asksAbout(reading, managers))
      looks.set(ask.id, mergeAsks(looks.get(ask.id), ask));
  }
  return { ...asked, looks: [...looks.values()] };
}

async function asksAbout(
  { deps, fence }: Reading<CloudUser>,
  managers: readonly ReportsAsk[],
): Promise<Ask[]> {
  const reports = await deps.tenant.reportsTo(managers.map(({ id }) => id));
  const rows = await deps.state.rows('user', [...new Set([...reports, ...managers.map(({ id }) => id)])]);
  const entries = new Map<string, number>(
    managers.map((manager) => [keyOfWritten('user', manager.id), entryAt(rows.get(manager.id), manager)]),
  );
  const [origin] = managers;
  if (origin === undefined) return [];
  const isPaging = stageOf(fence.cursor).stage === 'pages';
  return reports.flatMap((id): Ask[] => {
    const row = rows.get(id);
    if (row === undefined) return isPaging ? [] : [askAbout(id, origin, false)];
    if (row.state !== 'present') return [];
    const since = entries.get(row.manager ?? '');
    if (since === undefined) return [askAbout(id, origin, false)];
    return isOpen(row, since) ? [askAbout(id, origin, true)] : [];
  });
}

/** Not after this the manager had its entry: its row may have been written again since, the ring is rung when it got it. */
function entryAt(row: Row | undefined, { ring }: ReportsAsk): number {
  return Math.min(row?.committedAt ?? ring, ring);
}

function isOpen({ order, resultOrder, committedAt, notices }: Row, since: number): boolean {
  const isAnswered =
    order === undefined || (resultOrder !== undefined && compareOrders(resultOrder, order) >= 0);
  if (!isAnswered) return false;
  return (committedAt ?? 0) < since || (notices ?? '').split(',').includes(managerMissing);
}

function askAbout(id: ObjectId, { id: _, ...origin }: ReportsAsk, forced: boolean): Ask {
  return { ...origin, id, attempt: 0, fresh: false, forced, parked: false, nameWanted: false };
}
