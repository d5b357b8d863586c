import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costTables } from '../../../local/cost/cost-tables.ts';
import { monthlyCost, total } from '../../../local/cost/monthly-cost.ts';
import { assumptions } from '../../../local/cost/prices.ts';
import { readSnapshot } from '../../infra/snapshot.ts';
import { metricAlerts } from '../../infra/watching/deployed.ts';

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const of = (users: number, instancesEach = 1, memoryMb = 2_048) =>
  monthlyCost({ users, instancesEach, memoryMb });
const line = (lines: ReturnType<typeof of>, what: string) => lines.find((one) => one.what === what)?.dollars;

describe('the cost of a month', () => {
  it('is what a pocket calculator says', () => {
    const lines = of(10_000);
    // 4 instances × 2 GB × 730 h × 3,600 s × $0.000004
    expect(line(lines, 'Functions, always ready')).toBeCloseTo(84.1, 1);
    // (80,000 + 17,520) × 2 GB-s × $0.000016 + 14,600 × 2 GB-s × $0.000026 + 112,120 × $0.40 per million
    expect(line(lines, 'Functions, at work')).toBeCloseTo(3.12 + 0.76 + 0.04, 1);
    // 730 × $0.0135; 1.5 million of 13 million operations
    expect(line(lines, 'Service Bus Standard')).toBeCloseTo(9.86, 1);
    // 20,000 × (9 + 4 × 2) KB + 730 h × (0.45 MB + 44 × 2 KB) = 0.733 GB at $2.30
    expect(line(lines, 'Log Analytics')).toBeCloseTo(1.69, 2);
    expect(total(lines)).toBeCloseTo(
      lines.reduce((sum, { dollars }) => sum + dollars, 0),
      6,
    );
  });

  it('grows with the users, and shrinks with memory and with instances that are always ready', () => {
    expect(total(of(100_000))).toBeGreaterThan(total(of(1_000)));
    expect(line(of(1_000, 1, 512), 'Functions, always ready')).toBeCloseTo(84.1 / 4, 1);
    expect(line(of(1_000, 0), 'Functions, always ready')).toBe(0);
  });

  it('pays operations of Service Bus only beyond those that are included', () => {
    const beyond = 12_000_000 * assumptions.changesPerUserAndMonth * assumptions.busOperationsPerChange;
    expect(line(of(12_000_000), 'Service Bus Standard')).toBeGreaterThan((beyond / 1e6 - 13) * 0.8);
  });

  it('is what docs/cost.md says (npm run cost)', () => {
    expect(read('docs/cost.md').split('<!-- npm run cost -->\n')[1]?.trim()).toBe(costTables());
  });
});

describe('the assumptions', () => {
  it('count the instances that the template keeps ready', () => {
    const groups = /var alwaysReady = \[([^\]]+)\]/.exec(read('infra/modules/functions.bicep'))?.[1] ?? '';
    expect(groups.split(',')).toHaveLength(assumptions.alwaysReadyFunctions);
  });

  it('count the alerts of the template', () => {
    const rules = read('infra/modules/alerts.bicep')
      .split(/^ {2}\{$/m)
      .slice(1);
    const every = rules
      .filter((rule) => !rule.includes('isPlanned: true'))
      .flatMap((rule) => /every: '(\w+)'/.exec(rule)?.[1] ?? []);
    const often = every.filter((pause) => pause === 'PT5M').length;
    expect([often, every.length - often]).toEqual([
      assumptions.logAlertsEveryFiveMinutes,
      assumptions.logAlertsLessOften,
    ]);
  });

  it('count a time series for each queue that an alert looks at', () => {
    const queues = metricAlerts(readSnapshot('prod')).flatMap(({ criteria }) =>
      criteria.allOf.flatMap(({ dimensions }) => dimensions.flatMap(({ values }) => values)),
    );
    expect(assumptions.metricAlertSeries).toBe(queues.length);
  });
});
