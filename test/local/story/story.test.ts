import { describe, expect, it } from 'vitest';
import { makeCompany } from '../../../local/company/company.ts';
import { chanceFrom } from '../../../local/company/random.ts';
import type { GraphCaller } from '../../../local/graph-caller.ts';
import { Stage } from '../../../local/story/stage.ts';
import { play } from '../../../local/story/story.ts';

/** A Graph that says yes to everything and remembers it. */
function agreeableGraph() {
  const calls: string[] = [];
  const ids = chanceFrom(99);
  const graph: GraphCaller = {
    call: (method, path, body) => {
      calls.push(`${method} ${path} ${JSON.stringify(body ?? null)}`);
      const created = method === 'POST' && ['/users', '/groups'].includes(path);
      return Promise.resolve({ status: 200, body: created ? { id: ids.guid() } : undefined, headers: {} });
    },
    close: () => undefined,
  };
  return { graph, calls };
}

async function played(seed: number) {
  const { graph, calls } = agreeableGraph();
  const stage = new Stage({
    graph,
    graphUrl: 'https://localhost/v1.0',
    chance: chanceFrom(seed),
    onChange: () => undefined,
    pause: () => Promise.resolve(),
  });
  await play(stage, makeCompany(seed, 'contoso.example'));
  return { changes: stage.changes, calls };
}

describe('the story', () => {
  it('has at least 60 changes that AD must show, and some that it must not', async () => {
    const { changes } = await played(1);
    const silent = changes.filter((change) => change.effect.type === 'nothing');
    expect(changes.length - silent.length).toBeGreaterThanOrEqual(75);
    expect(silent.length).toBeGreaterThanOrEqual(3);
  });

  it('is the same for the same seed', async () => {
    expect((await played(7)).calls).toEqual((await played(7)).calls);
  });

  it('has everything that can happen', async () => {
    const { calls } = await played(42);
    const happens = (pattern: RegExp) => calls.some((call) => pattern.test(call));
    expect(happens(/^POST \/users /)).toBe(true);
    expect(happens(/^DELETE \/users\//)).toBe(true);
    expect(happens(/^POST \/directory\/deletedItems\/.*\/restore/)).toBe(true);
    expect(happens(/^DELETE \/directory\/deletedItems\//)).toBe(true);
    expect(happens(/"members@odata.bind":(\["[^"]+"(,"[^"]+"){19}\])/)).toBe(true);
    expect(happens(/"accountEnabled":false/)).toBe(true);
    expect(happens(/"jobTitle":null/)).toBe(true);
    expect(happens(/"userPrincipalName":"[^"]+\.neu@/)).toBe(true);
    expect(happens(/"groupTypes":\["Unified"\]/)).toBe(true);
  });
});
