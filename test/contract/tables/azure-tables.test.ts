import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll } from 'vitest';
import { createState } from '../../../shared/adapters/tables/state.ts';
import { type Azurite, startAzurite } from './azurite.ts';
import { loggedLine } from './logged-line.ts';
import { describeState, type Inside, type Opened } from './state-contract.ts';

/** The adapter on Azurite, or on a real storage account: CONTRACT_TABLES=<connection string>. */
const real = process.env['CONTRACT_TABLES'];
let azurite: Azurite | undefined;
let connectionString = real ?? '';
const made: string[] = [];

beforeAll(async () => {
  if (real !== undefined) return;
  azurite = await startAzurite();
  connectionString = azurite.connectionString;
});

afterAll(async () => {
  if (real !== undefined)
    await Promise.all(made.flatMap((prefix) => tableNames.map((name) => table(prefix, name).deleteTable())));
  await azurite?.stop();
});

describeState(real === undefined ? 'Azurite' : 'Azure Tables', async (): Promise<Opened> => {
  const prefix = `t${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  made.push(prefix);
  const state = createState({ tables: { connectionString }, prefix });
  const inside = insideOf(prefix);
  return {
    state,
    inside,
    logged: async () => (await inside.logRows()).map(({ columns }) => loggedLine(columns)),
  };
});

const tableNames = ['cursors', 'objects', 'log', 'notes', 'secrets'];

function table(prefix: string, name: string): TableClient {
  return TableClient.fromConnectionString(connectionString, `${prefix}${name}`, {
    allowInsecureConnection: real === undefined,
  });
}

function insideOf(prefix: string): Inside {
  return {
    async logRows() {
      const rows: Awaited<ReturnType<Inside['logRows']>> = [];
      for await (const entity of table(prefix, 'log').listEntities<Record<string, unknown>>()) {
        rows.push({ partition: String(entity.partitionKey), row: String(entity.rowKey), columns: entity });
      }
      return rows;
    },
    async noteOf(name) {
      return await table(prefix, 'notes').getEntity<Record<string, unknown>>(
        'note',
        name.replaceAll(/[/#]/g, '_'),
      );
    },
  };
}
