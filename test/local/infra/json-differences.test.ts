import { describe, expect, it } from 'vitest';
import { snapshotDifferences, templateDifferences } from '../../../local/infra/json-differences.ts';

const id = (name: string) =>
  `/subscriptions/0/resourceGroups/rg/providers/Microsoft.ServiceBus/namespaces/sb/queues/${name}`;
const queue = (name: string, properties: object) => ({ id: id(name), type: 'queue', properties });
const grant = (appRoleId: string) => ({ type: 'Microsoft.Graph/grant', properties: { appRoleId } });
const snapshot = (predictedResources: object[], outputs: object = {}) =>
  JSON.stringify({ predictedResources, outputs });

describe('how two snapshots differ', () => {
  it('not at all where only the order of resources does', () => {
    const [a, b] = [queue('a', {}), queue('b', {})];
    expect(snapshotDifferences(snapshot([a, b]), snapshot([b, a]))).toEqual([]);
  });

  it('by resources that go and come, those of an extension too, which have no id', () => {
    const now = snapshot([queue('refused', {}), grant('1')]);
    expect(snapshotDifferences(now, snapshot([queue('rejected', {}), grant('2')]))).toEqual([
      '- Microsoft.ServiceBus/namespaces/sb/queues/refused',
      '- Microsoft.Graph/grant {"appRoleId":"1"}',
      '+ Microsoft.ServiceBus/namespaces/sb/queues/rejected',
      '+ Microsoft.Graph/grant {"appRoleId":"2"}',
    ]);
  });

  it('by properties, each with its path', () => {
    const now = snapshot([queue('a', { lock: 'PT1M', deep: { list: [1] } })]);
    const wanted = snapshot([queue('a', { deep: { list: [1, 2] }, max: 3 })]);
    expect(snapshotDifferences(now, wanted)).toEqual([
      '~ Microsoft.ServiceBus/namespaces/sb/queues/a',
      '    properties.lock: "PT1M" → absent',
      '    properties.deep.list.1: absent → 2',
      '    properties.max: absent → 3',
    ]);
  });

  it('by outputs', () => {
    expect(snapshotDifferences(snapshot([], { A: '1' }), snapshot([], { A: '2', B: '3' }))).toEqual([
      '+ output B',
      '~ output A',
      '    value: "1" → "2"',
    ]);
  });
});

describe('how two templates differ', () => {
  const template = (templateHash: string, lock: string) =>
    JSON.stringify({ metadata: { _generator: { templateHash } }, resources: { queue: { lock } } });

  it('by paths; the hash of the whole is not told', () => {
    expect(templateDifferences(template('1', 'PT1M'), template('2', 'PT5M'))).toEqual([
      'resources.queue.lock: "PT1M" → "PT5M"',
    ]);
  });

  it('no more than can be read', () => {
    const many = (value: number) => JSON.stringify({ list: Array.from({ length: 30 }, () => value) });
    expect(templateDifferences(many(1), many(2)).at(-1)).toBe('… and 10 more');
  });
});
