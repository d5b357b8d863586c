import type { Result } from '../../shared/contracts/result.ts';
import type { DimensionsOf } from '../../shared/telemetry/metrics.ts';
import type { Telemetry } from '../../shared/telemetry/telemetry.ts';

type Leg = DimensionsOf<'writeback.lag'>['leg'];
type Lag = { leg: Leg; ms: number };

/** Records one command that was answered and settled. `tookMs`: from its delivery to its settlement. */
export function measureResult(telemetry: Pick<Telemetry, 'record'>, result: Result, tookMs: number): void {
  const { of, outcome, cause } = result;
  telemetry.record('writeback.changes', 1, { of, outcome });
  telemetry.record('writeback.apply.duration', tookMs, { of, outcome });
  for (const { leg, ms } of legsOf(result)) telemetry.record('writeback.lag', ms, { leg, of, cause });
}

/** How long the change took, from the event in the cloud or, where Graph named no time, from the ring. */
export function lagOf(result: Result): number | undefined {
  const legs = legsOf(result);
  return (
    legs.find(({ leg }) => leg === 'event-to-commit') ?? legs.find(({ leg }) => leg === 'ring-to-commit')
  )?.ms;
}

/** Nothing was committed: what took time here was no change on its way to the directory. */
const nothingCommitted: ReadonlySet<Result['outcome']> = new Set(['unchanged', 'stale', 'rejected']);

/** Every leg whose two times are known. */
function legsOf({ times, outcome }: Result): Lag[] {
  if (nothingCommitted.has(outcome)) return [];
  const { event, ring, command, commit } = times;
  return [
    ...leg('event-to-ring', event, ring),
    ...leg('ring-to-command', ring, command),
    ...leg('command-to-commit', command, commit),
    ...leg('ring-to-commit', ring, commit),
    ...leg('event-to-commit', event, commit),
  ];
}

/** Cloud and relay have clocks of their own: a change that seems to arrive before it began took no time. */
function leg(name: Leg, from: number | undefined, to: number | undefined): Lag[] {
  return from === undefined || to === undefined ? [] : [{ leg: name, ms: Math.max(0, to - from) }];
}
