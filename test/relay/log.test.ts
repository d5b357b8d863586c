import { describe, expect, it } from 'vitest';
import { logApplied } from '../../relay/log.ts';
import { resultSchema } from '../../shared/contracts/result.ts';
import { createLog } from '../../shared/telemetry/log.ts';
import { noTelemetry } from '../../shared/telemetry/telemetry.ts';
import { idOf, order } from './build-command.ts';

describe('the line of a command', () => {
  it('[parking.log] has what was asked, what was changed by name, outcome, code and times, and no sealed password', () => {
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
      state: 'present',
      outcome: 'rejected',
      code: 'name-awaited',
      reason: 'somebody has to let it go',
      changed: ['title'],
      notices: ['name-let-go'],
      holders: [{ kind: 'user', id: idOf('Ben') }],
      account: 'enabled',
      sealedPassword: 'c2VhbGVk',
      relay: 'test',
    });
    logApplied(log, result, { tookMs: 1.25, lane: '007' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      id: idOf('Anna'),
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
    expect(lines.join()).not.toContain('c2VhbGVk');
  });
});
