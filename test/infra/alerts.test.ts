import { describe, expect, test } from 'vitest';
import queueSettings from '../../infra/queues.json' with { type: 'json' };
import { queryFiles, textOf } from './kql/queries.ts';
import { environments, ofType, readSnapshot } from './snapshot.ts';
import { logAlertProblems, metricAlertProblems } from './watching/check-alerts.ts';
import { type LogAlert, logAlerts, type MetricAlert, metricAlerts } from './watching/deployed.ts';

const page = textOf('docs/operations.md');
const queues = queueSettings.queues.map(({ name }) => name);
const sectionOf = ({ description }: { description: string }) => description.split('#')[1];

describe.each(environments)('the alerts of %s', (environment) => {
  const snapshot = readSnapshot(environment);
  test('[telemetry.alerts] ask for what the code emits, and name a section of docs/operations.md', () => {
    const problems = logAlerts(snapshot).map((alert) => [sectionOf(alert), logAlertProblems(alert, page)]);
    expect(problems.filter(([, found]) => found?.length !== 0)).toEqual([]);
  });
  test('look at metrics that Service Bus has, of queues that there are', () => {
    const problems = metricAlerts(snapshot).map((alert) => metricAlertProblems(alert, { page, queues }));
    expect(problems.flat()).toEqual([]);
  });
  test('[telemetry.alerts] are all there', () => {
    expect([...logAlerts(snapshot), ...metricAlerts(snapshot)].map(sectionOf).toSorted()).toEqual([
      'credentials-refused',
      'dead-letters',
      'function-failures',
      'graph-throttling',
      'hold-waiting',
      'lag-above-target',
      'parked-growing',
      'refused-messages',
      'relay-halted',
      'relay-paused',
      'relay-silent',
      'results-waiting',
      'round-failing',
      'subscription-expiry',
    ]);
  });
  test('tell of a queue of results that nobody empties', () => {
    const waiting = metricAlerts(snapshot).find((alert) => sectionOf(alert) === 'results-waiting');
    expect(waiting).toMatchObject({ enabled: true, windowSize: 'PT30M' });
    expect(waiting?.criteria.allOf).toMatchObject([
      {
        metricName: 'ActiveMessages',
        timeAggregation: 'Minimum',
        operator: 'GreaterThan',
        threshold: 0,
        dimensions: [{ name: 'EntityName', operator: 'Include', values: ['results'] }],
      },
    ]);
  });
  test('are awake, but for the one whose metric nothing records yet', () => {
    const all = [...logAlerts(snapshot), ...metricAlerts(snapshot)];
    expect(all.filter(({ enabled }) => !enabled).map(sectionOf)).toEqual(['hold-waiting']);
  });
  test('tell the action group, where somebody is to be told', () => {
    const groups = ofType(snapshot, 'Microsoft.Insights/actionGroups');
    const told = [
      ...logAlerts(snapshot).map(({ actions }) => actions.actionGroups.length),
      ...metricAlerts(snapshot).map(({ actions }) => actions.length),
    ];
    expect(new Set(told)).toEqual(new Set([groups.length]));
  });
  test('are made of every query in infra/queries/alerts', () => {
    const used = logAlerts(snapshot).flatMap(({ criteria }) => criteria.allOf.map(({ query }) => query));
    const written = queryFiles('alerts').map(({ text }) => text);
    expect(written.toSorted()).toEqual(used.toSorted());
  });
});

test('the table in docs/operations.md has every alert as it is deployed', () => {
  const snapshot = readSnapshot('prod');
  const deployed = [
    ...logAlerts(snapshot).map((alert) => ({ alert, often: alert.enabled ? often(alert) : 'disabled' })),
    ...metricAlerts(snapshot).map((alert) => ({ alert, often: `${often(alert)} (metric)` })),
  ];
  const rows = deployed.map(({ alert, often }) => {
    const section = sectionOf(alert) ?? '';
    return `| [${section}](#${section}) | ${alert.severity} | ${often} |`;
  });
  const told = [...page.matchAll(/^\| \[[\w-]+\]\(#[\w-]+\) \| \d \| [^|]+ \|/gm)].map(([row]) => row);
  expect(told.toSorted()).toEqual(rows.toSorted());
});

const often = ({ evaluationFrequency }: { evaluationFrequency: string }): string =>
  evaluationFrequency.replace(/^PT(\d+)M$/, '$1 min');

/** A deployed alert after somebody changed it. */
function changed<A>(alert: A | undefined, change: (alert: A) => void): A {
  if (alert === undefined) throw new Error('no such alert');
  const copy = structuredClone(alert);
  change(copy);
  return copy;
}
const snapshot = readSnapshot('prod');
const logAlert = (section: string) => logAlerts(snapshot).find((alert) => sectionOf(alert) === section);
const metricAlert = (section: string) => metricAlerts(snapshot).find((alert) => sectionOf(alert) === section);

describe('what is wrong with an alert is found out', () => {
  const halted = (change: (alert: LogAlert) => void) =>
    logAlertProblems(changed(logAlert('relay-halted'), change), page);
  const condition = (alert: LogAlert) => alert.criteria.allOf[0] as LogAlert['criteria']['allOf'][number];

  test('an event that was renamed', () => {
    const found = halted((alert) => {
      condition(alert).query = condition(alert).query.replace('HALTED', 'STOPPED');
    });
    expect(found).toContain('nobody emits STOPPED into AppTraces');
  });
  test('a column that its query does not give', () => {
    expect(halted((alert) => Object.assign(condition(alert), { metricMeasureColumn: 'count_' }))).toEqual([
      'its query gives no count_',
    ]);
    expect(halted((alert) => Object.assign(condition(alert), { dimensions: [{ name: 'kind' }] }))).toEqual([
      'its query gives no kind',
    ]);
  });
  test('a section that is not there', () => {
    expect(halted((alert) => Object.assign(alert, { description: 'docs/operations.md#halted' }))).toEqual([
      'docs/operations.md has no section halted',
    ]);
    expect(halted((alert) => Object.assign(alert, { description: 'See the docs.' }))).toEqual([
      'its description links to no section of docs/operations.md',
    ]);
  });
  test('one that was put to sleep', () => {
    expect(halted((alert) => Object.assign(alert, { enabled: false }))).toEqual([
      'is disabled although its metric is recorded',
    ]);
  });
  test('one that is awake before its metric is recorded', () => {
    const found = logAlertProblems(
      changed(logAlert('hold-waiting'), (alert) => Object.assign(alert, { enabled: true })),
      page,
    );
    expect(found).toEqual(['nothing records writeback.held yet']);
  });
  test('a window with gaps', () => {
    expect(halted((alert) => Object.assign(alert, { windowSize: 'PT1M' }))).toEqual([
      'looks back less far than it looks often',
    ]);
  });
  test('a window that is shorter than what its query looks at', () => {
    const found = logAlertProblems(
      changed(logAlert('lag-above-target'), (alert) => Object.assign(alert, { windowSize: 'PT15M' })),
      page,
    );
    expect(found).toEqual(['its window is shorter than ago(30m)']);
  });
  test('what Azure does not run in alerts', () => {
    const found = halted((alert) => {
      condition(alert).query =
        `let span = 1h; AppTraces | where Message == 'HALTED' and TimeGenerated > ago(span)
        | evaluate bag_unpack(Properties) | summarize reminders = count() by code = 'x'`;
    });
    expect(found).toEqual(
      expect.arrayContaining([
        'an alert cannot use bag_unpack',
        'an alert can use ago() with a literal only',
      ]),
    );
  });
  test('a window with gaps, of a metric', () => {
    const found = metricAlertProblems(
      changed(metricAlert('results-waiting'), (alert) => Object.assign(alert, { windowSize: 'PT1M' })),
      { page, queues },
    );
    expect(found).toEqual(['looks back less far than it looks often']);
  });
  test('a metric, an aggregation, a dimension or a queue that Service Bus has not', () => {
    const letters = (change: object) =>
      metricAlertProblems(
        changed(metricAlert('dead-letters'), (alert: MetricAlert) =>
          Object.assign(alert.criteria.allOf[0] as object, change),
        ),
        { page, queues },
      );
    expect(letters({ metricName: 'DeadLetters' })).toEqual([
      'Microsoft.ServiceBus/namespaces has no metric DeadLetters',
    ]);
    expect(letters({ timeAggregation: 'Total' })).toEqual(['DeadletteredMessages has no Total']);
    expect(letters({ dimensions: [{ name: 'Queue', values: [] }] })).toEqual([
      'DeadletteredMessages has no dimension Queue',
    ]);
    expect(letters({ dimensions: [{ name: 'EntityName', values: ['write'] }] })).toEqual([
      'there is no queue write',
    ]);
  });
});
