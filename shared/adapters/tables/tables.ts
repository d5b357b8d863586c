import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TablesSettings } from '../../config.ts';
import { credentialFor } from '../credential.ts';
import { stateError } from './state-error.ts';

export const tableNames = ['cursors', 'objects', 'log', 'notes', 'secrets'] as const;
export type TableName = (typeof tableNames)[number];

/** Runs work on a table, which is created at first use of any; foreign errors become state-unavailable. */
export type Tables = <T>(name: TableName, work: (table: TableClient) => Promise<T>) => Promise<T>;

/** One request must not outlast what a reader can wait: the pipeline rings anew instead. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };

/**
 * The tables of this application. `prefix` keeps several states apart in one account (tests). Creating is idempotent and done
 * once per process; when it fails the next use tries again.
 */
export function openTables(settings: TablesSettings, prefix = ''): Tables {
  const clients = new Map(tableNames.map((name) => [name, clientFor(settings, `${prefix}${name}`)]));
  const clientOf = (name: TableName): TableClient => clients.get(name) as TableClient;
  let created: Promise<unknown> | undefined;
  const ensureCreated = async (): Promise<void> => {
    created ??= Promise.all([...clients.values()].map((client) => client.createTable()));
    try {
      await created;
    } catch (error) {
      created = undefined;
      throw error;
    }
  };
  return async (name, work) => {
    try {
      await ensureCreated();
      return await work(clientOf(name));
    } catch (error) {
      throw stateError(error);
    }
  };
}

function clientFor(settings: TablesSettings, table: string): TableClient {
  if ('tableServiceUri' in settings) {
    const options = optionsFor(settings.tableServiceUri);
    return new TableClient(settings.tableServiceUri, table, credentialFor(settings.clientId), options);
  }
  return TableClient.fromConnectionString(
    settings.connectionString,
    table,
    optionsFor(settings.connectionString),
  );
}

/** Plain http is for an emulator on this machine; the SDK wants it said (and says it itself only for development storage). */
function optionsFor(endpoint: string): TableServiceClientOptions {
  const isPlain = /(^|=)http:\/\//i.test(endpoint) || /UseDevelopmentStorage=true/i.test(endpoint);
  return { retryOptions, allowInsecureConnection: isPlain };
}
