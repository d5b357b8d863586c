import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Item,
  type Look,
  parameters,
  query,
  queueMetric,
  resourceParameter,
  tab,
  tabs,
  text,
  textParameter,
  timeParameter,
} from './items.ts';

/**
 * The workbook as the deployment and the portal's "Advanced editor" take it: what is shown where. The queries are files of their own in
 * infra/queries/workbook, which people can read and tests analyse. `{{workspaceId}}` and `{{serviceBusId}}` are put in by Bicep.
 */
export function composeWorkbook(queries: string): string {
  const show = (title: string, file: string, look: Look = {}): Item =>
    query(title, readFileSync(join(queries, `${file}.kql`), 'utf8').trim(), look);
  const items = [
    parameters([
      timeParameter,
      textParameter('ObjectId', 'Object id'),
      textParameter('TraceId', 'Trace id'),
      resourceParameter('Workspace', 'Workspace', 'workspace', '{{workspaceId}}'),
      resourceParameter('ServiceBus', 'Service Bus', 'namespace', '{{serviceBusId}}'),
    ]),
    tabs(['Overview', 'Object', 'Trace', 'Parked', 'Drift', 'Capacity']),
    tab('Overview', overview(show)),
    tab('Object', object(show)),
    tab('Trace', trace(show)),
    tab('Parked', parked(show)),
    tab('Drift', [
      text(
        'drift',
        'On-premises edits of what is ours: nothing notices them yet. This comes with drift detection.',
      ),
    ]),
    tab('Capacity', capacity(show)),
  ];
  const workbook = { version: 'Notebook/1.0', items, fallbackResourceIds: ['{{workspaceId}}'] };
  return `${JSON.stringify(workbook, null, 2)}\n`;
}

type Show = (title: string, file: string, look?: Look) => Item;

const overview = (show: Show): Item[] => [
  show('Lag of changes, ms (50, 95, 99 %)', 'lag-over-time', { chart: 'line', width: 50 }),
  show('Lag by leg', 'lag-by-leg', { width: 50 }),
  show('Commands by outcome', 'changes-by-outcome', { chart: 'bar', width: 50 }),
  show('Commands by kind', 'changes-by-kind', { chart: 'bar', width: 50 }),
  show('Relays, as last heard', 'relays', { width: 50 }),
  show('Subscriptions', 'subscriptions', { width: 50 }),
  show('Delta rounds', 'rounds', { width: 50 }),
  show('Answers of Microsoft Graph', 'graph-answers', { chart: 'area', width: 50 }),
  show('Items of notifications', 'notifications', { chart: 'bar', width: 50 }),
  show('What was said loudly', 'loud-lines', { width: 50 }),
];

const object = (show: Show): Item[] => [
  text(
    'object',
    'Everything that was done to one object, newest first: write its object id above. It names attributes, never values.',
  ),
  show('Audit log of the object', 'object-log', { more: exporting('traceId', 'TraceId') }),
];

const trace = (show: Show): Item[] => [
  text(
    'trace',
    'One change from Graph to the domain controller: write its trace id above, or click one of the slowest.',
  ),
  show('Slowest changes', 'slowest-changes', { more: exporting('traceId', 'TraceId') }),
  show('Spans and lines of the trace', 'trace-tree', {
    more: { gridSettings: { rowLimit: 1_000, hierarchySettings } },
  }),
];

const hierarchySettings = { idColumn: 'id', parentColumn: 'parent', treeType: 0, expanderColumn: 'what' };

const parked = (show: Show): Item[] => [
  text(
    'parked',
    'Objects that could not be written. An object that has been parked since before the chosen time is counted in the first two, but not listed below.',
  ),
  show('Parked now, by code', 'parked-by-code', { width: 40 }),
  show('Parked over time', 'parked-over-time', { chart: 'line', width: 60 }),
  show('Parked objects', 'parked-objects', { more: exporting('objectId', 'ObjectId') }),
];

const capacity = (show: Show): Item[] => [
  queueMetric('Messages in each queue', 'ActiveMessages', { width: 50 }),
  queueMetric('Dead letters in each queue', 'DeadletteredMessages', { width: 50 }),
  show('Commands waiting for the relay, and the age of the oldest in seconds', 'queue-of-the-relay', {
    chart: 'line',
    width: 50,
  }),
  show('Messages per minute', 'messages-per-minute', { chart: 'line', width: 50 }),
  show('Applying a command', 'apply-durations', { width: 50 }),
  show('LDAP requests', 'ldap-durations', { width: 50 }),
  show('LDAP errors', 'ldap-errors', { chart: 'bar', width: 50 }),
  show('Batches of the triggers', 'handle-durations', { width: 50 }),
  show('Telemetry ingested, MB a day', 'ingestion', { chart: 'bar', width: 100 }),
];

/** A click on a row puts the value of a column into a parameter. */
const exporting = (fieldName: string, parameterName: string): object => ({
  exportedParameters: [{ fieldName, parameterName, parameterType: 1 }],
});
