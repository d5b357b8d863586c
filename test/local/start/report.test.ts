import { describe, expect, it } from 'vitest';
import { liveLine } from '../../../local/start/live-line.ts';
import { isSuccess, type OnceResult, onceLines } from '../../../local/start/report.ts';
import type { Applied } from '../../../local/story/applied.ts';

const result: OnceResult = {
  ...{ users: 150, groups: 25, memberships: 800, changes: 200, compared: 9_000, differences: 0 },
  ...{ lagMs: { p50: 40, p95: 200, max: 900 }, unmeasured: 0, awkward: {}, settled: true, restarts: {} },
};
const verdict = { differences: [], compared: 9_000, counts: result, identities: {} };

describe('the end of --once', () => {
  it('is a success only if it settled, nothing differs, and enough was done', () => {
    expect(isSuccess(result)).toBe(true);
    for (const flaw of [
      { settled: false },
      { differences: 1 },
      { users: 149 },
      { groups: 24 },
      { memberships: 799 },
      { changes: 199 },
    ])
      expect(isSuccess({ ...result, ...flaw }), JSON.stringify(flaw)).toBe(false);
  });

  it('is none where telemetry is missing, refused or torn, unless a kill explains what is torn', () => {
    const telemetry = { spans: 9, traces: 3, events: 2, metrics: 1, refused: 0, torn: 0, problems: [] };
    const killed = { part: 'relay', entries: 92, of: 184, share: 0.5 };
    expect(isSuccess({ ...result, telemetry })).toBe(true);
    for (const flaw of [{ spans: 0 }, { refused: 1 }, { torn: 1 }])
      expect(isSuccess({ ...result, telemetry: { ...telemetry, ...flaw } }), JSON.stringify(flaw)).toBe(
        false,
      );
    expect(isSuccess({ ...result, killed, telemetry: { ...telemetry, torn: 1 } })).toBe(true);
    expect(isSuccess({ ...result, killed, telemetry: { ...telemetry, refused: 1 } })).toBe(false);
    const torn = { ...telemetry, torn: 1, problems: ['trace x: orphan (ldap of writeback-relay)'] };
    const text = onceLines({ ...result, telemetry: torn }, verdict).join('\n');
    expect(text).toContain('9 spans in 3 traces, 2 events, 1 metrics; 1 TRACES ARE TORN');
    expect(text).toContain('orphan (ldap of writeback-relay)');
  });

  it('says what was missing', () => {
    const text = onceLines(
      { ...result, groups: 3, killed: { part: 'relay', entries: 92, of: 184, share: 0.5 } },
      verdict,
    );
    expect(text.join('\n')).toContain('only 3 groups, at least 25 are needed');
    expect(text.join('\n')).toContain('relay (SIGKILL) when 92 of 184 entries existed, 50 %');
  });
});

describe('a live line', () => {
  const line = (rest: Partial<Applied>): Applied => ({
    ...{ msg: 'applied', id: 'x', of: 'user', outcome: 'updated', changed: [], added: 0, removed: 0 },
    times: { event: 1_000, ring: 1_010, commit: 1_250 },
    ...rest,
  });

  it('says who, what and how long after the event', () => {
    expect(liveLine(line({ changed: ['title', 'department'] }), 'Ada')).toMatch(
      / 250 ms {2}Ada changes: title, department$/,
    );
    expect(liveLine(line({ outcome: 'created', changed: ['cn'] }), 'Ada')).toMatch(/Ada appears in AD$/);
    expect(liveLine(line({ of: 'difference', changed: ['member'], added: 2, removed: 1 }), 'Team')).toMatch(
      /Team changes: \+2 members −1 member$/,
    );
    expect(liveLine(line({ outcome: 'rejected', code: 'upn-taken' }), 'Bob')).toMatch(
      /Bob was refused \(upn-taken\)$/,
    );
  });
});
