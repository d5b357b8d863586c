import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority } from './certificates.ts';
import { freePorts } from './free-ports.ts';
import type { RealParts } from './real-parts.ts';

/** What is fixed for the life of a stack: folders, ports, secrets, certificates. A part that restarts finds all of it unchanged. */
export type StackFacts = {
  /** Temporary folder, mode 0700, with a short path (Samba fails above 80 characters). */
  folder: string;
  ports: Record<PortName, number>;
  secrets: {
    functionKey: string;
    tokenSecret: string;
    identityHeader: string;
    sasKey: string;
    /** Base64, 32 bytes, as storage account keys are. */
    tablesKey: string;
    /** Names the one resource of our Application Insights. */
    instrumentationKey: string;
  };
  /** `trusted`: our authority, and those of NODE_EXTRA_CA_CERTS. */
  files: { authority: string; trusted: string; certificate: string; key: string };
  authority: Awaited<ReturnType<typeof makeAuthority>>;
};

type PortName = (typeof portNames)[number];
const portNames = [
  'graph',
  'identity',
  'amqp',
  'wss',
  'control',
  'tables',
  'blobs',
  'ingestion',
  'host',
] as const;

/** Chooses everything that is fixed and writes the certificate files. A real tenant knows our host by its port already. */
export async function makeStackFacts({ graph, extraCaFile }: RealParts): Promise<StackFacts> {
  const folder = await mkdtemp(join(tmpdir(), 'ewb-'));
  await chmod(folder, 0o700);
  const numbers = await freePorts(portNames.length);
  const ports = Object.fromEntries(portNames.map((name, index) => [name, numbers[index] ?? 0]));
  const authority = await makeAuthority();
  const issued = await authority.issue({
    commonName: 'localhost',
    dnsNames: ['localhost'],
    ips: ['127.0.0.1', '::1'],
  });
  const files = {
    authority: join(folder, 'authority.pem'),
    trusted: join(folder, 'trusted.pem'),
    certificate: join(folder, 'server.pem'),
    key: join(folder, 'server.key'),
  };
  await writeFile(files.authority, authority.certificatePem);
  const others = extraCaFile === undefined ? '' : await readFile(extraCaFile, 'utf8');
  await writeFile(files.trusted, `${authority.certificatePem}\n${others}`);
  await writeFile(files.certificate, issued.certificatePem);
  await writeFile(files.key, issued.keyPem, { mode: 0o600 });
  for (const name of ['directory', 'tables', 'blobs', 'broker', 'tenant', 'host'])
    await mkdir(join(folder, name));
  return {
    ...{ folder, files, authority },
    ports: { ...(ports as StackFacts['ports']), ...(graph && { host: graph.hostPort }) },
    secrets: makeSecrets(),
  };
}

const makeSecrets = (): StackFacts['secrets'] => ({
  functionKey: randomBytes(32).toString('base64url'),
  tokenSecret: randomBytes(32).toString('base64url'),
  identityHeader: randomUUID(),
  sasKey: randomBytes(32).toString('base64'),
  tablesKey: randomBytes(32).toString('base64'),
  instrumentationKey: randomUUID(),
});
