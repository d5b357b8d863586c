import type { Directory } from '../ports.ts';
import { ConnectionPool, type ObserveRequest } from './connection-pool.ts';
import { directoryOver } from './directory-over.ts';
import type { DirectorySettings } from './directory-settings.ts';
import { openConnection } from './open-connection.ts';

/** The directory over LDAPS. Nothing is opened yet: the first call connects, and `describe` is meant for it. */
export function connectDirectory(settings: DirectorySettings, observe?: ObserveRequest): Directory {
  const { connections: size, timeoutMs } = settings;
  const open = () => openConnection(settings);
  const pool = new ConnectionPool({ open, size, timeoutMs, ...(observe === undefined ? {} : { observe }) });
  return directoryOver(pool, settings);
}
