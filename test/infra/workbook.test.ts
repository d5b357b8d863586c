import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composeWorkbook } from '../../local/workbook/compose-workbook.ts';
import { dispositionOf, type ErrorCode } from '../../shared/errors.ts';
import { queryFiles, root, textOf } from './kql/queries.ts';
import { environments, ofType, readSnapshot, theOnly } from './snapshot.ts';
import { everyItem, type Item, type Workbook, workbookProblems } from './watching/check-workbook.ts';

const committed = textOf('infra/workbook.json');
const workbook = JSON.parse(committed) as Workbook;

describe('the workbook', () => {
  test('is what `npm run workbook` makes of its layout and its queries', () => {
    expect(committed).toBe(composeWorkbook(join(root, 'infra', 'queries', 'workbook')));
  });
  test('asks for what the code emits, and shows what its queries give', () => {
    expect(workbookProblems(workbook)).toEqual([]);
  });
  test('shows every query in infra/queries/workbook', () => {
    const shown = everyItem(workbook.items).flatMap(({ content }) => content.query ?? []);
    const files = queryFiles('workbook').map(({ from }) => textOf(from).trim());
    expect(files.filter((text) => !shown.includes(text))).toEqual([]);
  });
  test('leaves out of the LDAP errors what docs/operations.md says, and nothing that stops a lane', () => {
    const query = textOf('infra/queries/workbook/ldap-errors.kql');
    const [, list = ''] = /code !in \(([^)]+)\)/.exec(query) ?? [];
    const leftOut = [...list.matchAll(/'([\w-]+)'/g)].map(([, code = '']) => code);
    const [, table = ''] = /^\| left out \|[^\n]+\n(.+?)\n\n/ms.exec(textOf('docs/operations.md')) ?? [];
    const told = [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code);
    expect(told).toEqual(leftOut);
    const dispositions = leftOut.map((code) => dispositionOf(code as ErrorCode));
    expect(dispositions.filter((one) => one !== 'reject' && one !== 'wait')).toEqual([]);
    expect(leftOut).toContain('name-taken');
  });
  test.each(environments)(
    'is deployed to %s with the workspace and the namespace of that deployment',
    (environment) => {
      const snapshot = readSnapshot(environment);
      const { properties } = theOnly(snapshot, 'Microsoft.Insights/workbooks');
      const [namespace] = ofType(snapshot, 'Microsoft.ServiceBus/namespaces');
      const [workspace] = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces');
      const text = String(properties['serializedData']);
      expect(text).not.toContain('{{');
      const values = everyItem((JSON.parse(text) as Workbook).items)
        .flatMap(({ content }) => (content.parameters ?? []) as { name: string; value?: unknown }[])
        .filter(({ name }) => ['Workspace', 'ServiceBus'].includes(name))
        .map(({ value }) => value);
      expect(values).toEqual([workspace?.id, namespace?.id]);
    },
  );
});

/** The workbook after somebody changed one of its items. */
function changed(name: string, change: (content: Item['content']) => void): Workbook {
  const copy = structuredClone(workbook);
  const item = everyItem(copy.items).find((one) => one.name === name);
  if (item === undefined) throw new Error(`no item ${name}`);
  change(item.content);
  return copy;
}

describe('what is wrong with a workbook is found out', () => {
  test('a metric that nothing records yet', () => {
    const drift = changed('Relays, as last heard', (content) => {
      content.query = "AppMetrics | where Name == 'writeback.drift' | summarize sum(Sum)";
    });
    expect(workbookProblems(drift)).toEqual(['Relays, as last heard: nothing records writeback.drift yet']);
  });
  test('a column that a click is to take over', () => {
    const renamed = changed('Parked objects', (content) => {
      content.query = content.query?.replaceAll('objectId', 'object');
    });
    expect(workbookProblems(renamed)).toEqual(['Parked objects: its query gives no objectId']);
  });
  test('a parameter that is not there', () => {
    const other = changed('Audit log of the object', (content) => {
      content.query = content.query?.replace('{ObjectId}', '{UserId}');
    });
    expect(workbookProblems(other)).toEqual(['Audit log of the object: there is no parameter UserId']);
  });
  test('a tab that leads nowhere', () => {
    const other = changed('tabs', ({ links = [] }) =>
      Object.assign(links[0] as object, { subTarget: 'Start' }),
    );
    expect(workbookProblems(other)).toEqual(['the tab Start shows nothing', 'no tab leads to Overview']);
  });
  test('a metric that Service Bus has not', () => {
    const other = changed('Messages in each queue', ({ metrics = [] }) =>
      Object.assign(metrics[0] as object, { metric: 'microsoft.servicebus/namespaces--QueueLength' }),
    );
    expect(workbookProblems(other)).toEqual([
      'Messages in each queue: microsoft.servicebus/namespaces has no metric microsoft.servicebus/namespaces--QueueLength',
    ]);
  });
});
