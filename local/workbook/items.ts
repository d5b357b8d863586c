/*
 * The building stones of an Azure workbook, as the portal's "Advanced editor" shows them. There is no published schema; the numbers of
 * the types are those of microsoft/Application-Insights-Workbooks.
 */
export type Item = { type: number; content: object; name: string; [more: string]: unknown };

export const timeRange = 'TimeRange';
const workspaces = 'microsoft.operationalinsights/workspaces';
const namespaces = 'microsoft.servicebus/namespaces';

export const text = (name: string, markdown: string): Item => ({
  type: 1,
  content: { json: markdown },
  name,
});

/** `width`: percent of the row. `more`: settings of a chart or a grid. */
export type Look = { width?: number; chart?: 'line' | 'bar' | 'area'; more?: object };

/** The answer of a query, as a grid or, with `chart`, as a chart. */
export const query = (name: string, kql: string, { width, chart, more }: Look = {}): Item => ({
  type: 3,
  content: {
    version: 'KqlItem/1.0',
    query: kql,
    size: 0,
    title: name,
    showExportToExcel: chart === undefined,
    noDataMessage: 'Nothing in this time.',
    timeContextFromParameter: timeRange,
    queryType: 0,
    resourceType: workspaces,
    crossComponentResources: ['{Workspace}'],
    visualization: { line: 'linechart', bar: 'unstackedbar', area: 'areachart' }[chart ?? 'line'],
    ...(chart === undefined
      ? { visualization: 'table', gridSettings: { rowLimit: 1_000, filter: true } }
      : {}),
    ...more,
  },
  ...(width === undefined ? {} : { customWidth: String(width) }),
  name,
});

/** A metric that Service Bus keeps by itself, one line for each queue. */
export const queueMetric = (name: string, metric: string, { width }: Look = {}): Item => ({
  type: 10,
  content: {
    version: 'MetricsItem/2.0',
    size: 0,
    title: name,
    chartType: 2,
    resourceType: namespaces,
    metricScope: 0,
    resourceParameter: 'ServiceBus',
    resourceIds: ['{ServiceBus}'],
    timeContextFromParameter: timeRange,
    // 3: the greatest.
    metrics: [
      { namespace: namespaces, metric: `${namespaces}--${metric}`, aggregation: 3, splitBy: 'EntityName' },
    ],
  },
  ...(width === undefined ? {} : { customWidth: String(width) }),
  name,
});

/** A box of items that is shown while its tab is chosen. */
export const tab = (name: string, items: readonly Item[]): Item => ({
  type: 12,
  content: { version: 'NotebookGroup/1.0', groupType: 'editable', items },
  conditionalVisibility: { parameterName: 'Tab', comparison: 'isEqualTo', value: name },
  name,
});

export const tabs = (names: readonly string[]): Item => ({
  type: 11,
  content: {
    version: 'LinkItem/1.0',
    style: 'tabs',
    links: names.map((name) => ({
      id: idOf(`tab ${name}`),
      cellValue: 'Tab',
      linkTarget: 'parameter',
      linkLabel: name,
      subTarget: name,
      style: 'link',
    })),
  },
  name: 'tabs',
});

export type Parameter = { name: string; label: string } & Record<string, unknown>;

export const parameters = (list: readonly Parameter[]): Item => ({
  type: 9,
  content: {
    version: 'KqlParameterItem/1.0',
    parameters: list.map((one) => ({
      id: idOf(`parameter ${one.name}`),
      version: 'KqlParameterItem/1.0',
      ...one,
    })),
    style: 'pills',
    queryType: 0,
    resourceType: workspaces,
  },
  name: 'parameters',
});

export const timeParameter: Parameter = {
  name: timeRange,
  label: 'Time',
  type: 4,
  isRequired: true,
  typeSettings: {
    selectableValues: [1, 4, 12, 24, 72, 168, 720].map((hours) => ({ durationMs: hours * 3_600_000 })),
    allowCustom: true,
  },
  value: { durationMs: 86_400_000 },
};

export const textParameter = (name: string, label: string): Parameter => ({
  name,
  label,
  type: 1,
  value: '',
});

/** A resource; `id` is put in by the deployment. */
export const resourceParameter = (
  name: string,
  label: string,
  kind: 'workspace' | 'namespace',
  id: string,
): Parameter => ({
  name,
  label,
  type: 5,
  isRequired: true,
  isHiddenWhenLocked: true,
  typeSettings: { resourceTypeFilter: { [kind === 'workspace' ? workspaces : namespaces]: true } },
  value: id,
});

/** The portal wants ids that differ; whatever they are, they must not change from one making to the next. */
const idOf = (name: string): string => `writeback-${name.toLowerCase().replaceAll(' ', '-')}`;
