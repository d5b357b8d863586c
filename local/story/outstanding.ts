import { RestError, TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { GraphCaller } from '../graph-caller.ts';

/**
 * Where it can be seen whether work is still to be done. `since`: when the last change was made, epoch ms. `scheduled`: whether
 * messages that are due later count; they only look once more at what is done.
 */
export type Whereabouts = {
  brokerControlUrl: string;
  tables: string;
  graph: GraphCaller;
  graphUrl: string;
  since: number;
  scheduled: boolean;
};

const queues = ['users', 'groups', 'writes', 'results'] as const;
const queueSchema = z.object({ active: z.number(), scheduled: z.number() });
const queuesSchema = z.object({ queues: z.record(z.string(), queueSchema) });
const tenantSchema = z.object({ pendingNotifications: z.number(), lagging: z.number() });

/**
 * What is still to be done, in sentences; nothing at all means that every part is done with every change: no message ready, locked
 * or scheduled, no notification on its way, nobody parked or behind, and a round of both kinds that began after the last change.
 */
export async function outstanding(where: Whereabouts): Promise<string[]> {
  const parts = [inQueues(where), inTenant(where), inRows(where), inCursors(where)];
  return (await Promise.all(parts)).flat();
}

async function inQueues({ brokerControlUrl, scheduled: withScheduled }: Whereabouts): Promise<string[]> {
  const url = `${brokerControlUrl.replace(/\/queues\/?$/, '').replace(/\/$/, '')}/queues`;
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  const { queues: all } = queuesSchema.parse(await response.json());
  return queues.flatMap((name) => {
    const { active = 0, scheduled = 0 } = all[name] ?? {};
    const ready = active > 0 ? [`${active} in ${name}`] : [];
    return withScheduled && scheduled > 0 ? [...ready, `${scheduled} scheduled in ${name}`] : ready;
  });
}

async function inTenant({ graph, graphUrl }: Whereabouts): Promise<string[]> {
  const answer = await graph.call('GET', new URL('/control/settled', graphUrl).href);
  const { pendingNotifications, lagging } = tenantSchema.parse(answer.body);
  return [
    ...(pendingNotifications > 0 ? [`${pendingNotifications} notifications on their way`] : []),
    ...(lagging > 0 ? [`${lagging} answers of the tenant lag behind`] : []),
  ];
}

const rowSchema = z.object({
  partitionKey: z.string(),
  ringAt: z.bigint().optional(),
  behindOrder: z.string().optional(),
  listOrder: z.string().optional(),
});

/** Parked: `ringAt` is a time (−1: not parked). Behind: a membership command failed and no complete list came after it. */
async function inRows({ tables }: Whereabouts): Promise<string[]> {
  const columns = ['partitionKey', 'ringAt', 'behindOrder', 'listOrder'];
  let parked = 0;
  let behind = 0;
  for await (const entity of entitiesOf(tables, 'objects', columns)) {
    const { ringAt = -1n, behindOrder = '', listOrder = '' } = rowSchema.parse(entity);
    if (ringAt > 0n) parked++;
    if (behindOrder !== '' && behindOrder >= listOrder) behind++;
  }
  return [...(parked > 0 ? [`${parked} parked`] : []), ...(behind > 0 ? [`${behind} groups behind`] : [])];
}

const accountSchema = z.object({ enabled: z.boolean().optional() });

/** What the product knows of an account: whether it was sent as enabled last. Nothing where it has no row. */
export async function accountColumns(tables: string, id: string): Promise<z.infer<typeof accountSchema>> {
  const entity: unknown = await tableOf(tables, 'objects')
    .getEntity('user', id)
    .catch(() => ({}));
  return accountSchema.parse(entity);
}

const cursorSchema = z.object({
  partitionKey: z.string(),
  lastRoundStartedAt: z.bigint().optional(),
  listing: z.boolean().optional(),
});

async function inCursors({ tables, since }: Whereabouts): Promise<string[]> {
  const started = new Map<string, number>();
  const listing: string[] = [];
  for await (const entity of entitiesOf(tables, 'cursors')) {
    const cursor = cursorSchema.parse(entity);
    started.set(cursor.partitionKey, Number(cursor.lastRoundStartedAt ?? 0n));
    if (cursor.listing === true) listing.push('complete lists of a full round are still to be read');
  }
  const late = ['user', 'group'].filter((kind) => (started.get(kind) ?? 0) < since);
  return [...late.map((kind) => `no ${kind} round since the last change`), ...listing];
}

/** What a table lists; nothing before a reader has started, which makes the tables. */
async function* entitiesOf(
  connectionString: string,
  name: string,
  select?: string[],
): AsyncGenerator<unknown> {
  const queryOptions = select === undefined ? {} : { select };
  try {
    yield* tableOf(connectionString, name).listEntities({ queryOptions });
  } catch (error) {
    if (!(error instanceof RestError && error.statusCode === 404)) throw error;
  }
}

function tableOf(connectionString: string, name: string): Pick<TableClient, 'listEntities' | 'getEntity'> {
  const allowInsecureConnection = /http:\/\//i.test(connectionString);
  return TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection });
}
