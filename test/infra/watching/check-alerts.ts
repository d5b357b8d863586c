import { problemsOf } from '../kql/check-query.ts';
import { analyse } from '../kql/language.ts';
import { everyNode, nodesOf, textOf, typeOf } from '../kql/syntax.ts';
import type { LogAlert, MetricAlert } from './deployed.ts';
import platform from './platform-metrics.json' with { type: 'json' };

/** What is wrong with an alert on a query. `page`: docs/operations.md. */
export function logAlertProblems(alert: LogAlert, page: string): string[] {
  const { enabled, evaluationFrequency, windowSize, criteria } = alert;
  return [
    ...unlinked(alert.description, page),
    ...withGaps({ windowSize, evaluationFrequency }),
    ...criteria.allOf.flatMap(({ query, metricMeasureColumn, dimensions }) => [
      ...beyondWindow(query, windowSize),
      ...problemsOf(query, { planned: !enabled }),
      ...(!enabled && problemsOf(query).length === 0 ? ['is disabled although its metric is recorded'] : []),
      ...absent([metricMeasureColumn, ...dimensions.map(({ name }) => name)], query),
      ...refusedInAlerts(query),
    ]),
  ];
}

/** What is wrong with an alert on a metric of the platform. */
export function metricAlertProblems(
  alert: MetricAlert,
  known: { page: string; queues: readonly string[] },
): string[] {
  const namespaces: Record<
    string,
    Record<string, { aggregations: string[]; dimensions: string[] }>
  > = platform.metrics;
  return [
    ...unlinked(alert.description, known.page),
    ...withGaps(alert),
    ...alert.criteria.allOf.flatMap(({ metricNamespace, metricName, timeAggregation, dimensions }) => {
      const metric = namespaces[metricNamespace]?.[metricName];
      if (metric === undefined) return [`${metricNamespace} has no metric ${metricName}`];
      return [
        ...(metric.aggregations.includes(timeAggregation) ? [] : [`${metricName} has no ${timeAggregation}`]),
        ...dimensions.flatMap(({ name, values }) =>
          metric.dimensions.includes(name)
            ? values
                .filter((value) => !known.queues.includes(value))
                .map((value) => `there is no queue ${value}`)
            : [`${metricName} has no dimension ${name}`],
        ),
      ];
    }),
  ];
}

type Looks = { windowSize: string; evaluationFrequency: string };

const withGaps = ({ windowSize, evaluationFrequency }: Looks): string[] =>
  minutesOf(windowSize) < minutesOf(evaluationFrequency) ? ['looks back less far than it looks often'] : [];

/** Azure gives the query the rows of the window only, whatever it asks for. */
const beyondWindow = (query: string, windowSize: string): string[] =>
  [...query.matchAll(/\bago\((\d+)([mhd])\)/g)]
    .filter(([, count, unit]) => Number(count) * minutesIn[unit as 'm'] > minutesOf(windowSize))
    .map(([text]) => `its window is shorter than ${text}`);

const minutesIn = { m: 1, h: 60, d: 1_440 };

/** A description ends with a link to a section of the page. */
function unlinked(description: string, page: string): string[] {
  const section = /docs\/operations\.md#([\w-]+)$/.exec(description)?.[1];
  if (section === undefined) return ['its description links to no section of docs/operations.md'];
  return sectionsOf(page).includes(section) ? [] : [`docs/operations.md has no section ${section}`];
}

/** The fragments that GitHub gives the headings of a page. */
export const sectionsOf = (page: string): string[] =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

function absent(columns: readonly string[], query: string): string[] {
  const answered = analyse(query).columns;
  return columns
    .filter((column) => !answered.includes(column))
    .map((column) => `its query gives no ${column}`);
}

/** What log alerts do not support, see alerts-create-log-alert-rule in Azure's documentation. */
function refusedInAlerts(query: string): string[] {
  const { syntax } = analyse(query);
  const names = [...everyNode(syntax)].filter((node) => typeOf(node) === 'NameReference').map(textOf);
  const refused = ['bag_unpack', 'pivot', 'narrow', 'AggregatedValue'].filter((name) => names.includes(name));
  const reaches = nodesOf(syntax, 'FunctionCallExpression').some((call) =>
    /^ago\s*\((?!\s*\d)/.test(textOf(call)),
  );
  return [
    ...refused.map((name) => `an alert cannot use ${name}`),
    ...(reaches ? ['an alert can use ago() with a literal only'] : []),
  ];
}

function minutesOf(duration: string): number {
  const [, days, hours, minutes] = /^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? [];
  return Number(days ?? 0) * 1_440 + Number(hours ?? 0) * 60 + Number(minutes ?? 0);
}
