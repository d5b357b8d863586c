import type { Directory } from '../ports.ts';
import { ConnectionPool } from './connection-pool.ts';
import { directoryOver } from './directory-over.ts';
import type { DirectorySettings } from './directory-settings.ts';
import { openConnection } from './open-connection.ts';

/** The directory over LDAPS. Nothing is opened yet: the first call connects, and `describe` is meant for it. */
export function connectDirectory(settings: DirectorySettings): Directory {
  const { connections: size, timeoutMs } = settings;
  return directoryOver(
    new ConnectionPool({ open: () => openConnection(settings), size, timeoutMs }),
    settings,
  );
}
