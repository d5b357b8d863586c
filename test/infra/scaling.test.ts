import { beforeAll, describe, expect, it } from 'vitest';
import { type App, loadFunctions } from './app.ts';
import { at, environments, readSnapshot, type Snapshot, theOnly } from './snapshot.ts';

let app: App;
beforeAll(async () => {
  app = await loadFunctions();
});

const scaling = 'properties.functionAppConfig.scaleAndConcurrency.alwaysReady';
const alwaysReady = (snapshot: Snapshot): string[] =>
  (at(theOnly(snapshot, 'Microsoft.Web/sites'), scaling) as { name: string }[]).map(({ name }) => name);

/** Azure takes any name and keeps an instance for nobody. */
const namesOfNobody = (groups: readonly string[]): string[] =>
  groups.filter((group) => group !== 'http' && !app.has(group.replace(/^function:/, '')));

describe('always-ready instances', () => {
  it('dev: none, because it is for trials', () => {
    expect(alwaysReady(readSnapshot('dev'))).toEqual([]);
  });

  it.each(environments.filter((environment) => environment !== 'dev'))(
    '%s: http and the functions that a change goes through, and each exists',
    (environment) => {
      const groups = alwaysReady(readSnapshot(environment));
      expect(namesOfNobody(groups)).toEqual([]);
      const latencyCritical = [...app].flatMap(([name, { queueName }]) =>
        ['users', 'groups', 'results'].includes(String(queueName)) ? `function:${name}` : [],
      );
      expect(groups.toSorted()).toEqual(['http', ...latencyCritical].toSorted());
    },
  );

  it('finds a function that was renamed', () => {
    expect(namesOfNobody(['http', 'function:readUsers'])).toEqual(['function:readUsers']);
  });
});
