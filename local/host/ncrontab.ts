/**
 * NCRONTAB as Functions understands it: `{second} {minute} {hour} {day} {month} {day-of-week}`, or five fields without the
 * seconds; lists, ranges, steps, names of months and days. Unlike Unix cron, day and day-of-week must *both* match.
 * Always UTC. (cloud-protocols.md F.5)
 */
export type Schedule = { readonly fields: readonly ReadonlySet<number>[] };

type Field = { name: string; from: number; to: number; words?: readonly string[] };

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const grammar: readonly Field[] = [
  { name: 'second', from: 0, to: 59 },
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: months },
  { name: 'day of week', from: 0, to: 6, words: weekdays },
];

/** Parses a schedule. Throws with the field that is wrong. */
export function parseSchedule(text: string): Schedule {
  const parts = text.trim().split(/\s+/);
  const six = parts.length === 5 ? ['0', ...parts] : parts;
  if (six.length !== 6) throw new Error(`schedule "${text}": expected 6 fields (or 5 without seconds)`);
  return { fields: grammar.map((field, index) => parseField(field, six[index] ?? '', text)) };
}

const yearsAhead = 8;

/** The first occurrence strictly after the instant (epoch milliseconds), or undefined where there is none in 8 years. */
export function nextOccurrence(schedule: Schedule, afterMs: number): number | undefined {
  const [seconds, minutes, hours, days, monthsOf, weekdaysOf] = schedule.fields as Six;
  const at = new Date(Math.floor(afterMs / 1000) * 1000 + 1000);
  const lastYear = at.getUTCFullYear() + yearsAhead;
  while (at.getUTCFullYear() <= lastYear) {
    if (!monthsOf.has(at.getUTCMonth() + 1)) {
      at.setUTCMonth(at.getUTCMonth() + 1, 1);
      at.setUTCHours(0, 0, 0, 0);
    } else if (!days.has(at.getUTCDate()) || !weekdaysOf.has(at.getUTCDay())) {
      at.setUTCDate(at.getUTCDate() + 1);
      at.setUTCHours(0, 0, 0, 0);
    } else if (!hours.has(at.getUTCHours())) at.setUTCHours(at.getUTCHours() + 1, 0, 0, 0);
    else if (!minutes.has(at.getUTCMinutes())) at.setUTCMinutes(at.getUTCMinutes() + 1, 0, 0);
    else if (!seconds.has(at.getUTCSeconds())) at.setUTCSeconds(at.getUTCSeconds() + 1, 0);
    else return at.getTime();
  }
  return undefined;
}

type Set6 = ReadonlySet<number>;
type Six = readonly [Set6, Set6, Set6, Set6, Set6, Set6];

function parseField(field: Field, text: string, whole: string): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(item);
    const range = match === null ? undefined : rangeOf(field, match);
    if (range === undefined) throw new Error(`schedule "${whole}": the ${field.name} "${item}" is not valid`);
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return values;
}

function rangeOf(field: Field, match: RegExpExecArray) {
  const [, first = '', second, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  const from = first === '*' ? field.from : numberOf(field, first);
  const alone = first === '*' || stepText !== undefined ? field.to : from;
  const to = second === undefined ? alone : numberOf(field, second);
  if (from === undefined || to === undefined || step < 1 || to < from) return undefined;
  return { from, to, step };
}

function numberOf(field: Field, text: string): number | undefined {
  const word = field.words?.indexOf(text.toLowerCase()) ?? -1;
  const value = word >= 0 ? word + field.from : Number(text);
  return Number.isInteger(value) && value >= field.from && value <= field.to ? value : undefined;
}
