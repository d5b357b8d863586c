import { debuglog } from 'node:util';
import { Client } from 'ldapts';
import { WritebackError } from '../../shared/errors.ts';
import type { DirectorySettings } from './directory-settings.ts';
import { captureCookies } from './paged-results.ts';

/** Opens one connection and binds it; nothing else is sent before the bind has succeeded. */
export async function openConnection(settings: DirectorySettings): Promise<Client> {
  refuseUnsafe(settings);
  const { url, ca, serverName, timeoutMs } = settings;
  const client = new Client({
    url,
    timeout: timeoutMs / 2,
    connectTimeout: timeoutMs / 4,
    tlsOptions: {
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
  });
  captureCookies(client);
  try {
    await client.bind(settings.bindName, settings.password);
    return client;
  } catch (error) {
    await client.unbind().catch(() => undefined);
    throw error;
  }
}

/**
 * An empty password would make an unauthenticated bind, which many servers accept (RFC 4513 5.1.2). ldapts' debug output prints every
 * request, new account passwords among them.
 */
function refuseUnsafe({ url, password }: DirectorySettings): void {
  if (!/^ldaps:\/\//i.test(url)) {
    throw new WritebackError('directory-untrusted', { detail: 'only ldaps:// is allowed' });
  }
  if (password === '') throw new WritebackError('credentials-refused', { detail: 'the password is empty' });
  if (debuglog('ldapts').enabled) {
    throw new WritebackError('defect', { detail: 'NODE_DEBUG=ldapts prints passwords: unset it' });
  }
}
