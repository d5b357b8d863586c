import { describe, expect, it } from 'vitest';
import { snapshotDifferences } from '../../../local/infra/compare-snapshots.ts';

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
      '    properties.deep.list: [1] → [1,2]',
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
