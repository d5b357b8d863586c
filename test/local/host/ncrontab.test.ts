import { describe, expect, test } from 'vitest';
import { nextOccurrence, parseSchedule } from '../../../local/host/ncrontab.ts';

const next = (schedule: string, after: string): string | undefined => {
  const at = nextOccurrence(parseSchedule(schedule), Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('NCRONTAB', () => {
  test.each([
    ['0 */5 * * * *', '2026-11-22T16:00:00Z', '2026-11-22T16:05:00.000Z'],
    ['*/5 * * * *', '2026-11-22T16:04:59.999Z', '2026-11-22T16:05:00.000Z'],
    ['*/2 * * * * *', '2026-11-22T16:00:00.500Z', '2026-11-22T16:00:02.000Z'],
    ['30 15,45 8-10 * * *', '2026-11-22T10:45:30Z', '2026-11-23T08:15:30.000Z'],
    ['0 0 3 * * MON-FRI', '2026-11-20T03:00:00Z', '2026-11-23T03:00:00.000Z'],
    ['0 0 0 1 jan *', '2026-11-22T16:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 0 29 2 *', '2026-11-22T16:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 5/20 * * * *', '2026-11-22T16:06:00Z', '2026-11-22T16:25:00.000Z'],
    ['0 0 0 13 * 5', '2026-11-22T16:00:00Z', '2027-08-13T00:00:00.000Z'],
    ['59 59 23 31 12 *', '2026-12-31T23:59:58Z', '2026-12-31T23:59:59.000Z'],
  ])('%s after %s is %s', (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  test('a day that never comes has no occurrence', () => {
    expect(next('0 0 0 30 2 *', '2026-11-22T16:00:00Z')).toBeUndefined();
  });

  test.each([
    '',
    '* * * *',
    '60 * * * * *',
    '* * 24 * * *',
    '* * * 0 * *',
    '0 0 0 * * 7',
    '5-1 * * * * *',
    '*/0 * * * * *',
    'x * * * * *',
  ])('"%s" is refused', (schedule) => {
    expect(() => parseSchedule(schedule)).toThrow('schedule');
  });
});
