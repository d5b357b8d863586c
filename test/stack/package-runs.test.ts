import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** What is deployed, run as what is developed: the packaged app and the bundled relay take the place of the sources. */
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-runs-'));
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Process ids of host and relay, as soon as both run; undefined before. */
function processes(): { host: number; relay: number } | undefined {
  try {
    const { processes } = JSON.parse(readFileSync(join(folder, 'endpoints.json'), 'utf8')) as {
      processes: Partial<Record<'host' | 'relay', number>>;
    };
    const { host, relay } = processes;
    return host === undefined || relay === undefined ? undefined : { host, relay };
  } catch {
    return undefined;
  }
}

async function whatRuns(exited: Promise<unknown>): Promise<{ app: string; relay: string }> {
  let hasEnded = false;
  void exited.then(() => {
    hasEnded = true;
  });
  let found = processes();
  while (found === undefined && !hasEnded) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    found = processes();
  }
  if (found === undefined) throw new Error('it ended before host and relay ran');
  const settings = readFileSync(`/proc/${found.host}/environ`, 'utf8').split('\0');
  const app = settings.find((setting) => setting.startsWith('HOST_APP_DIR=')) ?? '';
  const relay = readFileSync(`/proc/${found.relay}/cmdline`, 'utf8').split('\0')[1] ?? '';
  return { app: app.replace('HOST_APP_DIR=', ''), relay };
}

it('writes a company and a story into AD from the package, without a difference, and sends its telemetry', async () => {
  const entry = join(root, 'local/start.ts');
  const args = [
    entry,
    '--once',
    '--packaged',
    '--telemetry',
    '--largest-group',
    '300',
    '--json',
    '--folder',
    folder,
  ];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  const closed = once(started, 'close') as Promise<[number | null]>;
  const said = Promise.all([text(started.stdout), text(started.stderr)]);
  const { app, relay } = await whatRuns(closed);
  const [[code], [output, complaints]] = await Promise.all([closed, said]);
  expect(code, complaints).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    ...{ differences: 0, settled: true },
    telemetry: { torn: 0, refused: 0, spans: expect.any(Number) },
  });
  expect(app).toMatch(/\/package\/functions$/);
  expect(relay).toMatch(/\/package\/relay\.mjs$/);
  for (const path of [app, relay]) expect(path.startsWith(root), path).toBe(false);
}, 300_000);
