import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'ldapts';
import type { DomainController } from './domain-controller.ts';

const pauseMs = 50;
const answerMs = 2_000;

/** Resolves when the domain controller serves its domain over TLS; throws after `timeoutMs`. */
export async function waitReady(
  dc: Pick<DomainController, 'folder' | 'url'>,
  timeoutMs: number,
): Promise<void> {
  const ca = await readFile(join(dc.folder, 'tls', 'ca.pem'), 'utf8');
  const deadline = performance.now() + timeoutMs;
  while (!((await mainProcessLives(dc.folder)) && (await isReady(dc.url, ca)))) {
    if (performance.now() > deadline)
      throw new Error(`the domain controller was not ready after ${timeoutMs} ms`);
    await delay(pauseMs);
  }
}

/** Workers of a killed server answer for a moment longer than it lives; only an answer under a living main process counts. */
async function mainProcessLives(folder: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(join(folder, 'run', 'samba.pid'), 'utf8'));
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function isReady(url: string, ca: string): Promise<boolean> {
  const client = new Client({ url, timeout: answerMs, connectTimeout: answerMs, tlsOptions: { ca } });
  try {
    // The root entry is readable without a bind; it says so when the database is open and complete.
    const { searchEntries } = await client.search('', { scope: 'base', attributes: ['isSynchronized'] });
    return searchEntries[0]?.['isSynchronized'] === 'TRUE';
  } catch {
    return false;
  } finally {
    await client.unbind().catch(() => undefined);
  }
}
