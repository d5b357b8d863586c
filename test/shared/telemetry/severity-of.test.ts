import { expect, it } from 'vitest';
import { WritebackError } from '../../../shared/errors.ts';
import { severityOf } from '../../../shared/telemetry/severity-of.ts';

it.each([
  [new WritebackError('state-unavailable'), 'warn'],
  [new WritebackError('member-missing'), 'warn'],
  [new WritebackError('graph-refused'), 'loud'],
  [new WritebackError('mapping-failed'), 'loud'],
  [new TypeError('a mistake of ours'), 'loud'],
])('%s is told by what it means: %s', (error, severity) => {
  expect(severityOf(error)).toBe(severity);
});
