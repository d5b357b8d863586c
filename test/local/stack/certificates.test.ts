import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { makeAuthority } from '../../../local/stack/certificates.ts';

const handshake = async (options: { ca: string | undefined; host: string; serverName?: string }) => {
  const authority = await makeAuthority();
  const issued = await authority.issue({
    commonName: 'dc1.ad.example.test',
    dnsNames: ['localhost', 'dc1.ad.example.test'],
    ips: ['127.0.0.1'],
  });
  const server = createServer({ cert: issued.certificatePem, key: issued.keyPem }, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect({
    port: (server.address() as AddressInfo).port,
    host: options.host,
    ca: options.ca ?? authority.certificatePem,
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
  });
  try {
    await once(socket, 'secureConnect');
    return 'trusted';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    socket.destroy();
    server.close();
  }
};

test('a client that has the authority trusts the server by DNS name and by address', async () => {
  expect(await handshake({ ca: undefined, host: 'localhost' })).toBe('trusted');
  expect(await handshake({ ca: undefined, host: '127.0.0.1' })).toBe('trusted');
});

test('a name that is not in the certificate is refused', async () => {
  const outcome = await handshake({ ca: undefined, host: '127.0.0.1', serverName: 'other.example.test' });
  expect(outcome).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
});

test('another authority does not vouch for it', async () => {
  const other = await makeAuthority();
  expect(await handshake({ ca: other.certificatePem, host: 'localhost' })).not.toBe('trusted');
});
