import { type Applied, isCreation } from './applied.ts';
import type { Change, Effect } from './change.ts';

/** A change and how long it took: from Graph's answer to the directory's. `undefined`: no line of the relay shows it. */
export type Measured = { change: Change; lagMs: number | undefined };

/** p50, p95 and the slowest, in ms. */
export type LagFigures = { p50: number; p95: number; max: number };

/**
 * Finds for every change that must reach AD the relay's line that brought it there.
 *
 * Attributes are matched by name. Members are counted: several changes of one group may arrive in one difference, so a change is
 * there when as many members were added (or removed) since the story began as it and all changes before it asked for.
 */
export function lagsOf(changes: readonly Change[], lines: readonly Applied[]): Measured[] {
  const byId = new Map<string, Applied[]>();
  for (const line of lines.toSorted((a, b) => commitOf(a) - commitOf(b)))
    byId.set(line.id, [...(byId.get(line.id) ?? []), line]);
  const counts = new Counts();
  return changes
    .filter((change) => change.effect.type !== 'nothing')
    .map((change) => {
      const commit = arrival(change, byId.get(idOf(change.effect)) ?? [], counts);
      return { change, lagMs: commit === undefined ? undefined : Math.max(0, commit - change.respondedAt) };
    });
}

/** Figures over what could be measured; zeros where nothing was. */
export function lagFigures(measured: readonly Measured[]): LagFigures {
  const lags = measured.flatMap(({ lagMs }) => (lagMs === undefined ? [] : [lagMs])).sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(lags[Math.min(lags.length - 1, Math.ceil(lags.length * share) - 1)] ?? 0);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** What the slowest change was, in the story's words. */
export function slowestOf(measured: readonly Measured[]): string | undefined {
  const slowest = measured.toSorted((a, b) => (b.lagMs ?? -1) - (a.lagMs ?? -1))[0];
  return slowest?.lagMs === undefined ? undefined : slowest.change.what;
}

const commitOf = (line: Applied): number => line.times.commit ?? 0;

const idOf = (effect: Effect): string => (effect.type === 'nothing' ? '' : effect.id);

/** What the changes so far asked for, per group and direction; and when the story first touched the group. */
class Counts {
  readonly #asked = new Map<string, number>();
  readonly #since = new Map<string, number>();

  ask(key: string, count: number, sentAt: number): { total: number; since: number } {
    const total = (this.#asked.get(key) ?? 0) + count;
    const since = this.#since.get(key) ?? sentAt;
    this.#asked.set(key, total);
    this.#since.set(key, since);
    return { total, since };
  }
}

/** When the change was in AD: the commit time of the line that completes it. */
function arrival({ effect, sentAt }: Change, lines: readonly Applied[], counts: Counts): number | undefined {
  if (effect.type === 'nothing') return undefined;
  if (effect.type === 'members') return membersArrival(effect, { lines, counts, sentAt });
  const line = lines.find((candidate) => commitOf(candidate) >= sentAt && shows(candidate, effect));
  return line === undefined ? undefined : commitOf(line);
}

function shows(line: Applied, effect: Exclude<Effect, { type: 'nothing' | 'members' }>): boolean {
  if (line.of !== 'user' && line.of !== 'group') return false;
  if (effect.type === 'entry')
    return effect.outcome === 'created' ? isCreation(line) : line.outcome === effect.outcome;
  return isCreation(line) || line.changed.includes(effect.name);
}

function membersArrival(
  effect: Extract<Effect, { type: 'members' }>,
  { lines, counts, sentAt }: { lines: readonly Applied[]; counts: Counts; sentAt: number },
): number | undefined {
  const direction = effect.added > 0 ? 'added' : 'removed';
  const { total, since } = counts.ask(`${direction} ${effect.id}`, effect[direction], sentAt);
  let seen = 0;
  for (const line of lines) {
    if (commitOf(line) < since) continue;
    seen += line[direction];
    if (seen >= total) return Math.max(commitOf(line), sentAt);
  }
  return undefined;
}
