import type { LagFigures } from '../story/lag.ts';
import type { Verdict } from '../verify/compare.ts';
import { reportLines } from '../verify/report.ts';
import type { Killed } from './kill-midway.ts';
import type { TelemetryResult } from './telemetry-arrived.ts';

/** What `--once` found out; the last line of the output is this as JSON. */
export type OnceResult = {
  users: number;
  groups: number;
  memberships: number;
  changes: number;
  compared: number;
  differences: number;
  lagMs: LagFigures;
  /** What the slowest change was. */
  slowest?: string | undefined;
  /** Changes that should have reached AD but that no line of the relay shows (a killed relay cannot tell all it did). */
  unmeasured: number;
  awkward: Record<string, number>;
  settled: boolean;
  restarts: Record<string, number>;
  killed?: Killed;
  telemetry?: TelemetryResult;
  seed?: { seconds: number; yardstickSeconds: number; ratio: number };
};

/** The least that a run must have done to count. */
const least = { users: 150, groups: 25, memberships: 800, changes: 200 };

/** Whether the run was a success, as the exit code says. */
export const isSuccess = (result: OnceResult): boolean =>
  result.settled && result.differences === 0 && shortfalls(result).length === 0 && isTelemetryWhole(result);

/** A killed process takes with it what it had not sent, and with that the parents of spans. */
const isTelemetryWhole = ({ telemetry, killed }: OnceResult): boolean =>
  telemetry === undefined ||
  (telemetry.spans > 0 && telemetry.refused === 0 && (telemetry.torn === 0 || killed !== undefined));

const shortfalls = (result: OnceResult): string[] =>
  (Object.keys(least) as (keyof typeof least)[])
    .filter((name) => result[name] < least[name])
    .map((name) => `only ${result[name]} ${name}, at least ${least[name]} are needed`);

/** The table for people, above the JSON line. */
export function onceLines(result: OnceResult, verdict: Verdict): string[] {
  const { lagMs, seed, killed, telemetry } = result;
  const rows: [string, string][] = [
    ['written', `${result.users} users, ${result.groups} groups, ${result.memberships} memberships`],
    ['played', `${result.changes} changes`],
    [
      'lag',
      `p50 ${lagMs.p50} ms, p95 ${lagMs.p95} ms, slowest ${lagMs.max} ms (${result.slowest ?? 'none'})`,
    ],
    ...(result.unmeasured > 0 ? [['not measured', `${result.unmeasured} changes`] as [string, string]] : []),
    ...awkwardRows(result.awkward),
    ...(killed ? [['killed', killedText(killed)] as [string, string]] : []),
    ...(seed ? [['seed', seedText(seed)] as [string, string]] : []),
    ...(telemetry ? [['telemetry', telemetryText(telemetry)] as [string, string]] : []),
    ['compared', `${result.compared.toLocaleString('en')} facts, ${result.differences} differences`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    '',
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    '',
    ...(result.settled ? [] : ['Not settled: see above what was still to be done.']),
    ...shortfalls(result),
    ...(telemetry?.problems ?? []),
    ...reportLines(verdict, { values: false }),
  ];
}

const awkwardRows = (awkward: Record<string, number>): [string, string][] =>
  Object.entries(awkward).map(([name, count]) => [name, `${count} times`]);

const percent = (share: number) => `${Math.round(share * 100)} %`;

const killedText = ({ part, entries, of, share }: Killed) =>
  `${part} (SIGKILL) when ${entries} of ${of} entries existed, ${percent(share)}`;

const telemetryText = ({ spans, traces, events, metrics, refused, torn }: TelemetryResult): string =>
  `${spans} spans in ${traces} traces, ${events} events, ${metrics} metrics` +
  (torn === 0 ? '; every trace is one tree' : `; ${torn} TRACES ARE TORN`) +
  (refused === 0 ? '' : `; ${refused} ITEMS REFUSED`);

const seedText = ({ seconds, yardstickSeconds, ratio }: NonNullable<OnceResult['seed']>) =>
  `${seconds} s; ldapadd and ldapmodify: ${yardstickSeconds} s; ratio ${ratio}`;
