import type { Result } from '../contracts/result.ts';
import { parseMemberKey } from '../domain/member-key.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import { compareOrders } from '../domain/order.ts';
import { WritebackError } from '../errors.ts';
import type { Handler, Step } from '../handler.ts';
import type { LogEntry, Outgoing, Row } from '../ports.ts';
import { ringOf } from '../reading/rings.ts';
import type { Decision } from './decision.ts';
import type { OwedRing } from './owed-rings.ts';
import { parkingNews } from './parking-news.ts';
import { recordMissing } from './record-missing.ts';
import { recordObject } from './record-object.ts';
import type { RecorderDeps } from './recorder-deps.ts';
import { isSuccess, kindOf } from './result-kinds.ts';

/** Records what the relay did: log, rows, and rings for whatever is owed because of it. */
export function createRecorder(deps: RecorderDeps): Handler<readonly Result[]> {
  return (results) => record(deps, results);
}

/** Rings first, rows second; a row that somebody else wrote in between is read and decided anew. */
export async function* record(deps: RecorderDeps, results: readonly Result[]): AsyncGenerator<Step> {
  yield {
    messages: results.flatMap((result) => continueRound(deps, result)),
    commit: () => deps.state.appendLog(results.map(logEntryOf)),
  };
  let units = unitsOf(results);
  for (let tries = 0; units.length > 0; tries++) {
    if (tries === maximalTries)
      throw new WritebackError('state-unavailable', { detail: 'rows keep changing' });
    const decided = await decideUnits(deps, units);
    const refused: Unit[] = [];
    yield {
      messages: decided.flatMap(({ decision }) => decision.rings.map((ring) => outgoingOf(deps, ring))),
      commit: async () => {
        refused.push(...(await writeUnits(deps, decided)));
      },
    };
    units = refused;
  }
}

const maximalTries = 20;

/** One row to write: an object with its results in their order, or a member that a group command had to leave out. */
type Unit = { kind: Kind; id: ObjectId } & (
  | { type: 'object'; results: Result[] }
  | { type: 'missing'; result: Result }
);
type Decided = { unit: Unit; row: Row | undefined; decision: Decision };

/** The result of a page's last command lets the next page go. */
function continueRound(deps: RecorderDeps, result: Result): Outgoing[] {
  if (result.page?.last !== true) return [];
  const { round, number } = result.page;
  const to = kindOf(result) === 'user' ? 'users' : 'groups';
  return [outgoingOf(deps, { to, cause: 'pace', want: { type: 'continue', round, page: number }, result })];
}

function outgoingOf(deps: RecorderDeps, { result, ...ring }: OwedRing): Outgoing {
  const { event } = result.times;
  const origin = {
    traceparent: result.traceparent,
    ring: deps.clock.now(),
    ...(event === undefined ? {} : { event }),
  };
  return ringOf(deps, { ...ring, origin });
}

/** A sealed password is kept in the row until somebody takes it, and nowhere else. */
function logEntryOf({ v, traceparent, type, sealedPassword, ...rest }: Result): LogEntry {
  return { ...rest, traceId: traceparent.split('-')[1] ?? '' };
}

function unitsOf(results: readonly Result[]): Unit[] {
  const byObject = Map.groupBy(results, (result) => `${kindOf(result)}:${result.id}`);
  const objects = [...byObject.values()].flatMap((same): Unit[] => {
    const [first] = same;
    if (first === undefined) return [];
    const inOrder = [...same].sort((a, b) => compareOrders(a.order, b.order));
    return [{ type: 'object', kind: kindOf(first), id: first.id, results: inOrder }];
  });
  return [...objects, ...results.filter(isSuccess).flatMap(missingOf)];
}

function missingOf(result: Result): Unit[] {
  return result.missing.flatMap((key): Unit[] => {
    const member = parseMemberKey(key);
    if (member?.type !== 'written') return [];
    return [{ type: 'missing', kind: member.kind, id: member.id, result }];
  });
}

async function decideUnits(deps: RecorderDeps, units: readonly Unit[]): Promise<Decided[]> {
  const rows = { user: new Map<ObjectId, Row>(), group: new Map<ObjectId, Row>() };
  const epochs = { user: 0, group: 0 };
  for (const kind of ['user', 'group'] as const) {
    const ids = [...new Set(units.filter((unit) => unit.kind === kind).map(({ id }) => id))];
    if (ids.length === 0) continue;
    rows[kind] = await deps.state.rows(kind, ids);
    epochs[kind] = (await deps.state.cursor(kind))?.epoch ?? 0;
  }
  const { settings } = deps;
  const now = deps.clock.now();
  return units.map((unit) => {
    const row = rows[unit.kind].get(unit.id);
    const decision =
      unit.type === 'object'
        ? recordObject(row, unit.results, { settings, now, epoch: epochs[unit.kind] })
        : recordMissing(row, unit, settings.secondLookMs);
    return { unit, row, decision };
  });
}

/** Requests under way at a time. */
const concurrency = 32;

/** Writes each row if it is still the one that was decided about; answers those that are not. */
async function writeUnits({ state, tell }: RecorderDeps, decided: readonly Decided[]): Promise<Unit[]> {
  const refused: Unit[] = [];
  const todo = decided.filter(({ decision }) => decision.change !== undefined).values();
  const work = async (): Promise<void> => {
    for (const { unit, row, decision } of todo) {
      const { kind, id } = unit;
      if (decision.change === undefined) continue;
      const { change } = decision;
      const written =
        change === 'removed'
          ? await state.removeRows([{ kind, id }])
          : await state.mergeRowIf({ kind, id, ...change }, row?.tag);
      const news = written === 'conflict' ? undefined : parkingNews(unit, row, change);
      if (written === 'conflict') refused.push(unit);
      if (news !== undefined) tell(news, traceOf(unit));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return refused;
}

/** Of the newest result, where there are several. */
const traceOf = (unit: Unit): string =>
  (unit.type === 'missing' ? unit.result : unit.results.at(-1))?.traceparent ?? '';
