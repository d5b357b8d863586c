import { describe, expect, it } from 'vitest';
import { logApplied } from '../../relay/log.ts';
import { type Result, resultSchema } from '../../shared/contracts/result.ts';
import { errorTable } from '../../shared/errors.ts';
import { createLog } from '../../shared/telemetry/log.ts';
import { noTelemetry } from '../../shared/telemetry/telemetry.ts';
import { idOf, order, userKey } from './build-command.ts';

/** The line as it is written. */
function lineOf(part: Partial<Result>): string {
  const lines: string[] = [];
  const log = createLog(
    {},
    noTelemetry(() => ''),
    (line) => lines.push(line),
  );
  const result = resultSchema.parse({
    v: 1,
    type: 'result',
    of: 'user',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    times: { ring: 1, command: 2, commit: 3 },
    id: idOf('Anna'),
    order: order(),
    cause: 'ring',
    outcome: 'updated',
    relay: 'test',
    ...part,
  });
  logApplied(log, result, { tookMs: 1.25, lane: '007' });
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

describe('the line of a command', () => {
  it('[parking.log] has what was asked, what was changed by name, outcome, code and times, and no sealed password', () => {
    const line = lineOf({
      cause: 'full-round',
      state: 'suspended',
      outcome: 'rejected',
      code: 'name-awaited',
      reason: 'somebody has to let it go',
      changed: ['title'],
      notices: ['name-let-go'],
      holders: [{ kind: 'user', id: idOf('Ben') }],
      account: 'enabled',
      sealedPassword: 'c2VhbGVk',
    });
    expect(JSON.parse(line)).toMatchObject({
      ...{ id: idOf('Anna'), of: 'user', state: 'suspended', cause: 'full-round' },
      outcome: 'rejected',
      code: 'name-awaited',
      reason: 'somebody has to let it go',
      changed: ['title'],
      notices: ['name-let-go'],
      holders: [idOf('Ben')],
      account: 'enabled',
      times: { ring: 1, command: 2, commit: 3 },
      msg: 'applied',
    });
    expect(line).not.toContain('c2VhbGVk');
  });

  it('[parking.log] has which suspension was asked for', () => {
    const asked = 'account disable, place leavers, names keep';
    expect(JSON.parse(lineOf({ state: 'suspended', outcome: 'suspended', asked }))).toMatchObject({ asked });
  });

  it('[groups.members.nesting-refused] warns of members that were left out, with the sentence of each code and some of them', () => {
    const keys = Array.from({ length: 2_000 }, (_, n) => userKey(`member ${n}`));
    const refused = keys.map((key) => ({ key, code: 'member-refused' as const }));
    const guarded = { key: userKey('chief'), code: 'member-protected' as const };
    const line = lineOf({ of: 'slice', omitted: [...refused, guarded] });
    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      outcome: 'updated',
      omitted: 2_001,
      omittedFor: [
        {
          code: 'member-refused',
          count: 2_000,
          reason: errorTable['member-refused'][1],
          members: keys.slice(0, 5),
        },
        {
          code: 'member-protected',
          count: 1,
          reason: errorTable['member-protected'][1],
          members: [guarded.key],
        },
      ],
    });
    expect(line.length).toBeLessThan(2_000);
  });

  it('is no warning where nobody was left out', () => {
    const line = JSON.parse(lineOf({ of: 'slice', added: 1 }));
    expect(line.level).toBe('info');
    expect(line).not.toHaveProperty('omittedFor');
  });
});
