import { expect, test } from 'vitest';
import { Agenda, type Alarm } from '../../../../local/broker/engine/agenda.ts';
import { ManualClock } from '../manual-clock.ts';

test('alarms ring in order of time, equal ones in the order they were set, with one timer armed', () => {
  const clock = new ManualClock(0);
  const agenda = new Agenda(clock);
  const rung: string[] = [];
  for (const [at, name] of [
    [30, 'd'],
    [10, 'a'],
    [20, 'b'],
    [20, 'c'],
  ] as const) {
    agenda.at(at, () => rung.push(name));
  }
  expect(clock.armed).toBe(1);
  clock.advance(20);
  expect(rung).toEqual(['a', 'b', 'c']);
  clock.advance(10);
  expect(rung).toEqual(['a', 'b', 'c', 'd']);
  expect(clock.armed).toBe(0);
});

test('a cancelled alarm is silent, and thousands of cancelled ones do not disturb the others', () => {
  const clock = new ManualClock(0);
  const agenda = new Agenda(clock);
  const rung: number[] = [];
  const alarms: Alarm[] = [];
  for (let at = 5000; at > 0; at -= 1) alarms.push(agenda.at(at, () => rung.push(at)));
  for (const alarm of alarms) if (alarm.at % 7 !== 0) agenda.cancel(alarm);
  clock.advance(5000);
  expect(rung).toEqual(Array.from({ length: 714 }, (_, index) => (index + 1) * 7));
});

test('an alarm set by an alarm rings in its turn', () => {
  const clock = new ManualClock(0);
  const agenda = new Agenda(clock);
  const rung: number[] = [];
  agenda.at(10, () => {
    rung.push(clock.now());
    agenda.at(15, () => rung.push(clock.now()));
  });
  clock.advance(20);
  expect(rung).toEqual([10, 15]);
});
