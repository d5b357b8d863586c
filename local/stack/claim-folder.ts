import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, realpath } from 'node:fs/promises';
import { createServer } from 'node:net';

/**
 * Claims a folder for this process until it ends; answers false where another living process has claimed it.
 *
 * The claim is a Unix socket in Linux's abstract namespace, named after the folder: one process can listen on it, and the system
 * takes it back in the moment that process is gone, even by `kill -9`. So there is no stale lock to tell from a held one. Other
 * systems have no such sockets: there every claim is granted.
 */
export async function claimFolder(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex');
  const socket = createServer((client) => client.destroy());
  socket.listen(`\0entra-writeback-${name}`);
  try {
    await once(socket, 'listening');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EADDRINUSE';
  }
  socket.unref();
  return true;
}
