import { describe, expect, it } from 'vitest';
import { lagOf, measureResult } from '../../../relay/measure/measure-result.ts';
import { type Result, resultSchema } from '../../../shared/contracts/result.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';
import { idOf, order } from '../build-command.ts';

const resultOf = (times: Result['times'], changes: Partial<Result> = {}): Result => ({
  ...resultSchema.parse({
    v: 1,
    type: 'result',
    of: 'user',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    times,
    id: idOf('Anna'),
    order: order(),
    cause: 'ring',
    outcome: 'updated',
    relay: 'test',
  }),
  ...changes,
});

function legsOf(result: Result) {
  const telemetry = new FakeTelemetry();
  measureResult(telemetry, result, 12);
  return Object.fromEntries(
    telemetry.of('writeback.lag').map(({ dimensions, value }) => [dimensions['leg'], value]),
  );
}

describe('the lag of a change', () => {
  it('has the legs whose times are known', () => {
    const result = resultOf({ ring: 1_000, commit: 4_000 });
    expect(legsOf(result)).toEqual({ 'ring-to-commit': 3_000 });
    expect(lagOf(result)).toBe(3_000);
  });

  it('begins at the event where Graph named its time', () => {
    expect(lagOf(resultOf({ event: 500, ring: 1_000, command: 2_000, commit: 4_000 }))).toBe(3_500);
  });

  it('is never less than nothing, whatever the clocks of cloud and relay say', () => {
    const result = resultOf({ event: 9_000, ring: 8_000, command: 7_000, commit: 4_000 });
    expect(new Set(Object.values(legsOf(result)))).toEqual(new Set([0]));
    expect(Object.keys(legsOf(result))).toHaveLength(5);
    expect(lagOf(result)).toBe(0);
  });

  it.each(['unchanged', 'stale', 'rejected'] as const)('is that of a change: %s is none', (outcome) => {
    const result = resultOf({ event: 500, ring: 1_000, commit: 4_000 }, { outcome });
    expect(legsOf(result)).toEqual({});
    expect(lagOf(result)).toBeUndefined();
  });
});

it('every answered command is counted once, with how long it took', () => {
  const telemetry = new FakeTelemetry();
  measureResult(telemetry, resultOf({ ring: 1 }, { outcome: 'stale', of: 'slice' }), 12);
  const dimensions = { of: 'slice', outcome: 'stale' };
  expect(telemetry.measurements).toEqual([
    { metric: 'writeback.changes', value: 1, dimensions },
    { metric: 'writeback.apply.duration', value: 12, dimensions },
  ]);
});
