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
  const [user, group] = await Promise.all([knownOf(deps, 'user', units), knownOf(deps, 'group', units)]);
  const known = { user, group };
  const { settings } = deps;
  const now = deps.clock.now();
  return units.map((unit) => {
    const { rows, epoch } = known[unit.kind];
    const row = rows.get(unit.id);
    const decision =
      unit.type === 'object'
        ? recordObject(row, unit.results, { settings, now, epoch })
        : recordMissing(row, unit, settings.secondLookMs);
    return { unit, row, decision };
  });
}

type Known = { rows: Map<ObjectId, Row>; epoch: number };

/** Rows of the units of a kind, and the epoch of its newest reader. */
async function knownOf({ state }: RecorderDeps, kind: Kind, units: readonly Unit[]): Promise<Known> {
  const ids = [...new Set(units.filter((unit) => unit.kind === kind).map(({ id }) => id))];
  if (ids.length === 0) return { rows: new Map(), epoch: 0 };
  const [rows, cursor] = await Promise.all([state.rows(kind, ids), state.cursor(kind)]);
  return { rows, epoch: cursor?.epoch ?? 0 };
}

/** Writes each row if it is still the one that was decided about; answers those that are not. */
async function writeUnits(deps: RecorderDeps, decided: readonly Decided[]): Promise<Unit[]> {
  const changed = decided.flatMap(({ unit, row, decision: { change } }): Change[] =>
    change === undefined ? [] : [{ unit, row, change }],
  );
  const refused = [...Map.groupBy(changed, ({ unit }) => unit.kind).values()].map((same) =>
    writeRows(deps, same),
  );
  return (await Promise.all(refused)).flat();
}

type Change = { unit: Unit; row: Row | undefined; change: NonNullable<Decision['change']> };

/** Of one kind. Whoever is parked is told of when that is written: not at all where the answer to that was lost. */
async function writeRows({ state, tell }: RecorderDeps, changes: readonly Change[]): Promise<Unit[]> {
  const removals = changes.filter(({ change }) => change === 'removed');
  await state.removeRows(removals.map(({ unit: { kind, id } }) => ({ kind, id })));
  const merges = changes.flatMap((of) => {
    const { unit, row, change } = of;
    return change === 'removed'
      ? []
      : [{ of, row: { kind: unit.kind, id: unit.id, ...change }, tag: row?.tag }];
  });
  const written = await state.mergeRowsIf(merges);
  const refused = new Set(merges.filter((_, at) => written[at] === 'conflict').map(({ of }) => of));
  for (const one of changes) {
    const news = refused.has(one) ? undefined : parkingNews(one.unit, one.row, one.change);
    if (news !== undefined) tell(news, traceOf(one.unit));
  }
  return [...refused].map(({ unit }) => unit);
}

/** Of the newest result, where there are several. */
const traceOf = (unit: Unit): string =>
  (unit.type === 'missing' ? unit.result : unit.results.at(-1))?.traceparent ?? '';
