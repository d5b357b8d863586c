import { problemsOf } from '../kql/check-query.ts';
import { analyse } from '../kql/language.ts';
import { analysable } from '../kql/queries.ts';
import platform from './platform-metrics.json' with { type: 'json' };

/** What the tests read of an item of a workbook. */
export type Item = {
  type: number;
  name: string;
  conditionalVisibility?: { value: string };
  content: {
    items?: Item[];
    query?: string | undefined;
    parameters?: { name: string }[];
    links?: { subTarget: string }[];
    exportedParameters?: { fieldName: string; parameterName: string }[];
    gridSettings?: { hierarchySettings?: Record<string, unknown> };
    metrics?: { namespace: string; metric: string; aggregation: number; splitBy: string }[];
  };
};
export type Workbook = { items: Item[] };

export const everyItem = (items: readonly Item[]): Item[] =>
  items.flatMap((item) => [item, ...everyItem(item.content.items ?? [])]);

/** What is wrong with a workbook, by the name of the item. */
export function workbookProblems({ items }: Workbook): string[] {
  const all = everyItem(items);
  const parameters = new Set(all.flatMap(({ content }) => content.parameters?.map(({ name }) => name) ?? []));
  return [
    ...tabProblems(all),
    ...all.flatMap((item) =>
      [...queryProblems(item, parameters), ...metricProblems(item)].map(
        (problem) => `${item.name}: ${problem}`,
      ),
    ),
  ];
}

function tabProblems(all: readonly Item[]): string[] {
  const shown = all.flatMap(({ conditionalVisibility }) => conditionalVisibility?.value ?? []);
  const tabs = all.flatMap(({ content }) => content.links?.map(({ subTarget }) => subTarget) ?? []);
  return [
    ...tabs.filter((tab) => !shown.includes(tab)).map((tab) => `the tab ${tab} shows nothing`),
    ...shown.filter((tab) => !tabs.includes(tab)).map((tab) => `no tab leads to ${tab}`),
  ];
}

function queryProblems({ content }: Item, parameters: ReadonlySet<string>): string[] {
  const { query, exportedParameters = [], gridSettings } = content;
  if (query === undefined) return [];
  const { columns } = analyse(analysable(query));
  const { idColumn, parentColumn, expanderColumn } = gridSettings?.hierarchySettings ?? {};
  const needed = [
    ...exportedParameters.map(({ fieldName }) => fieldName),
    idColumn,
    parentColumn,
    expanderColumn,
  ];
  const used = [
    ...[...query.matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, name = '']) => name),
    ...exportedParameters.map(({ parameterName }) => parameterName),
  ];
  return [
    ...problemsOf(analysable(query)),
    ...needed
      .filter((column) => column !== undefined && !columns.includes(column as string))
      .map((column) => `its query gives no ${String(column)}`),
    ...used.filter((name) => !parameters.has(name)).map((name) => `there is no parameter ${name}`),
  ];
}

const aggregations: Record<number, string> = { 1: 'Total', 2: 'Minimum', 3: 'Maximum', 4: 'Average' };

function metricProblems({ content }: Item): string[] {
  const known: Record<
    string,
    Record<string, { aggregations: string[]; dimensions: string[] }>
  > = platform.metrics;
  return (content.metrics ?? []).flatMap(({ namespace, metric, aggregation, splitBy }) => {
    const [owner = '', name = ''] = metric.split('--');
    const space = Object.keys(known).find((one) => one.toLowerCase() === owner.toLowerCase()) ?? '';
    const spec = known[space]?.[name];
    if (spec === undefined || owner !== namespace) return [`${namespace} has no metric ${metric}`];
    return [
      ...(spec.aggregations.includes(aggregations[aggregation] ?? '')
        ? []
        : [`${name} has no such aggregation`]),
      ...(spec.dimensions.includes(splitBy) ? [] : [`${name} has no dimension ${splitBy}`]),
    ];
  });
}
