import { createTenant } from '../../../shared/adapters/graph/tenant.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { createState } from '../../../shared/adapters/tables/state.ts';
import { slicesOf } from '../../../shared/domain/slices.ts';
import { startAzurite } from '../../contract/tables/azurite.ts';
import { startTenant, type TestTenant } from '../../fixtures/tenant.ts';
import { idOf, userKey } from '../../relay/build-command.ts';
import { personNamed } from './stand.ts';

/** What the reader does before it sends the list of a group. */
export type ReaderFigures = {
  members: number;
  /** To Graph, for the members of the group. */
  requests: number;
  listSeconds: number;
  /** Reading the row of every member from the tables, as restricted scopes need. */
  rowsSeconds: number;
  slicesSeconds: number;
};

/** Reads a group of this size from the tenant simulator, by the adapter that the Functions app uses. */
export async function measureReader(members: number, say: (line: string) => void): Promise<ReaderFigures> {
  say(`${members}: a tenant with these people and their group starts`);
  const graph = await startTenant();
  const azurite = await startAzurite();
  try {
    const group = await fillTenant(graph, members);
    const tenant = createTenant({
      baseUrl: graph.url,
      credential: {
        getToken: async () => ({ token: graph.appToken, expiresOnTimestamp: Date.now() + 3_600_000 }),
      },
      clock: systemClock,
    });
    const state = createState({ tables: { connectionString: azurite.connectionString } });
    const ids = names(members).map((name) => idOf(name));
    for (let at = 0; at < ids.length; at += 10_000)
      await state.mergeRows(ids.slice(at, at + 10_000).map((id) => ({ kind: 'user', id, state: 'present' })));
    const before = await requestsOf(graph);
    const list = await timed(() => tenant.membersOf(group));
    const requests = (await requestsOf(graph)) - before;
    const rows = await timed(() => state.rows('user', ids));
    const slices = await timed(async () => slicesOf(names(members).map(userKey)));
    if (list.value === 'missing' || list.value.length !== members || rows.value.size !== members)
      throw new Error(`the reader did not find ${members} members`);
    say(
      `${members}: read in ${list.seconds.toFixed(1)} s by ${requests} requests, ${slices.value.length} slices`,
    );
    return {
      ...{ members, requests, listSeconds: list.seconds },
      ...{ rowsSeconds: rows.seconds, slicesSeconds: slices.seconds },
    };
  } finally {
    await Promise.all([graph.stop(), azurite.stop()]);
  }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => personNamed(n));

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const startedAt = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - startedAt) / 1_000 };
}

async function fillTenant(graph: TestTenant, members: number) {
  const id = idOf(`Group of ${members}`);
  const all = names(members);
  for (let at = 0; at < members; at += 5_000)
    await control(graph, 'import', { users: all.slice(at, at + 5_000).map(userOf) });
  const shape = {
    displayName: 'Large',
    mailNickname: 'large',
    mailEnabled: false,
    securityEnabled: true,
    groupTypes: [],
  };
  await control(graph, 'import', { groups: [{ ...shape, id, members: all.map((name) => idOf(name)) }] });
  return id;
}

const userOf = (name: string) => ({
  ...{ id: idOf(name), displayName: name, userPrincipalName: `${name}@contoso.example` },
  ...{ accountEnabled: true, mailNickname: name, userType: 'Member' },
});

async function requestsOf(graph: TestTenant): Promise<number> {
  return Number((await control(graph, 'counters'))['requests']);
}

async function control(graph: TestTenant, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${graph.controlUrl}/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${graph.adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
