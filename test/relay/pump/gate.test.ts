import { describe, expect, it } from 'vitest';
import { Gate } from '../../../relay/pump/gate.ts';
import { durationMs } from '../../../shared/domain/time.ts';
import { type ErrorCode, WritebackError } from '../../../shared/errors.ts';
import { fakeClock } from '../../fakes/clock.ts';

const stopping = new AbortController();

/** A gate over a world whose trouble a test sets, and the times at which the trouble was looked at. */
function gateWorld() {
  const time = fakeClock(0);
  const world = {
    trouble: undefined as ErrorCode | undefined,
    checks: [] as number[],
    reports: [] as string[],
    renewed: false,
  };
  const gate = new Gate({
    clock: { ...time, monotonicMs: () => time.now(), random: () => 0 },
    check: async () => {
      world.checks.push(time.now());
      if (world.trouble !== undefined) throw new WritebackError(world.trouble);
    },
    isWorthTrying: () => world.renewed,
    report: (state, { code }) => world.reports.push(`${state} ${code}`),
  });
  const fail = (code: ErrorCode, retryAfterMs?: number) => {
    world.trouble = code;
    const options = retryAfterMs === undefined ? {} : { retryAfterMs: durationMs(retryAfterMs) };
    gate.close(new WritebackError(code, options), stopping.signal);
  };
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      time.advance(1_000);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    }
  };
  return { gate, world, fail, pass };
}

describe('the gate', () => {
  it('lets nobody in while it is closed, and invalidates the passes that are out', async () => {
    const { gate, world, fail, pass } = gateWorld();
    const before = await gate.enter(stopping.signal);
    fail('directory-unavailable');
    expect(gate.isValid(before)).toBe(false);
    let entered = false;
    const entering = gate.enter(stopping.signal).then(() => {
      entered = true;
    });
    await pass(60_000);
    expect(entered).toBe(false);
    world.trouble = undefined;
    await pass(20_000);
    await entering;
    expect(gate.isValid(before)).toBe(false);
  });

  it('never tries refused credentials more often than an account lockout forgives', async () => {
    const { world, fail, pass } = gateWorld();
    fail('credentials-refused');
    await pass(3_600_000);
    expect(world.checks.length).toBeLessThanOrEqual(2);
    expect(world.reports.length).toBeGreaterThan(100);
  });

  it('tries renewed credentials at once', async () => {
    const { world, fail, pass } = gateWorld();
    fail('credentials-refused');
    world.renewed = true;
    world.trouble = undefined;
    await pass(31_000);
    expect(world.reports).toEqual(['halted credentials-refused', 'open credentials-refused']);
  });

  it('looks at a missing destination every 30 seconds and says so each time', async () => {
    const { world, fail, pass } = gateWorld();
    fail('destination-missing');
    await pass(91_000);
    expect(world.checks).toHaveLength(3);
    expect(world.reports).toHaveLength(4);
  });

  it('waits as long as it was asked to', async () => {
    const { world, fail, pass } = gateWorld();
    fail('directory-busy', 8_000);
    await pass(7_000);
    expect(world.checks).toEqual([]);
    await pass(2_000);
    expect(world.checks[0]).toBe(8_000);
  });

  it('lets one lane try after a halt, and all after its first success', async () => {
    const { gate, world, fail, pass } = gateWorld();
    fail('destination-missing');
    world.trouble = undefined;
    await pass(31_000);
    const first = await gate.enter(stopping.signal);
    let entered = false;
    const entering = gate.enter(stopping.signal).then(() => {
      entered = true;
    });
    await pass(1_000);
    expect(entered).toBe(false);
    gate.succeeded(first);
    await entering;
    expect(gate.isValid(first)).toBe(true);
  });
});
