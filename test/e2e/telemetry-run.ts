import { existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkItems } from '../../local/ingestion/check-items.ts';
import { type Telemetry, telemetryFrom } from '../../local/ingestion/received.ts';
import { command, type Ended } from './start-command.ts';

/** A run of `--once --telemetry`, and what was seen of it from outside while it lived. */
export type TelemetryRun = Ended & {
  /** Every byte that was sent to Application Insights. */
  raw: string;
  telemetry: Telemetry;
  /** Every change that ever happened in the tenant, one JSON object a line. */
  journal: string;
  /** What the verifier knows that was written to AD. */
  written: string;
  /** By name, from the environments of the parts and from endpoints.json. */
  secrets: Map<string, string>;
  /** Lines of the story: what was changed, of which object; lagMs where the relay's line was found. */
  story: { what: string; id: string; lagMs?: number }[];
};

/** Everything of the stack is gone when it ends, so it is read while it runs. */
export async function runWithTelemetry(...args: string[]): Promise<TelemetryRun> {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-'));
  try {
    const running = command('local/start.ts', '--once', '--telemetry', '--folder', folder, ...args);
    const watch = new Watch(folder);
    const ended = running.then(() => true);
    while (!(await Promise.race([ended, sleep(100).then(() => false)]))) watch.look();
    const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const raw = text('telemetry.jsonl');
    return {
      ...(await running),
      ...{ raw, telemetry: telemetryOf(raw), journal: watch.journal, written: text('identities.json') },
      ...{ secrets: watch.secrets, story: storyOf(text('stack.log')) },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Known = {
  graph: { token: string };
  functions: { key: string };
  directory: { adminPassword: string; servicePassword: string };
  folder: string;
  processes: Record<string, number>;
};

class Watch {
  readonly secrets = new Map<string, string>();
  readonly #folder: string;
  readonly #seen = new Set<number>();
  readonly #journal: Buffer[] = [];
  #file: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get journal(): string {
    return Buffer.concat(this.#journal).toString('utf8');
  }

  look(): void {
    this.#readJournal();
    const known = parsed(join(this.#folder, 'endpoints.json'));
    if (known === undefined) return;
    this.secrets.set('token of the administrator', known.graph.token);
    this.secrets.set('function key', known.functions.key);
    this.secrets.set('administrator of the domain', known.directory.adminPassword);
    this.secrets.set('service account', known.directory.servicePassword);
    this.#file ??= opened(join(known.folder, 'tenant', 'tenant.ndjson'));
    for (const [name, pid] of Object.entries(known.processes)) this.#readEnvironment(name, pid);
  }

  /** What has been added since the last look; the open file can still be read after it was removed. */
  #readJournal(): void {
    if (this.#file === undefined) return;
    const buffer = Buffer.alloc(1 << 16);
    for (;;) {
      const length = readSync(this.#file, buffer, 0, buffer.length, null);
      if (length === 0) return;
      this.#journal.push(Buffer.from(buffer.subarray(0, length)));
    }
  }

  #readEnvironment(part: string, pid: number): void {
    if (this.#seen.has(pid) || !existsSync(`/proc/${pid}/environ`)) return;
    this.#seen.add(pid);
    for (const line of readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')) {
      const at = line.indexOf('=');
      const [name, value] = [line.slice(0, at), line.slice(at + 1)];
      if (isSecret(name))
        for (const secret of secretsIn(value)) this.secrets.set(`${name} of ${part}`, secret);
    }
  }
}

/** The instrumentation key is in every item: without a token it opens nothing. */
const isSecret = (name: string): boolean =>
  /PASSWORD|KEY|SECRET|TOKEN|HEADER|ACCOUNTS|CONNECTION_STRING|^SERVICEBUS$|^STATE$|CLIENT_STATE/.test(
    name,
  ) && !/_(FILE|DIR)$|^INGESTION_KEY$/.test(name);

/** The key of a connection string, or the whole value. */
const secretsIn = (value: string): string[] => {
  const keys = [...value.matchAll(/(?:SharedAccessKey|AccountKey)=([^;]+)/g)].map(([, key = '']) => key);
  return keys.length > 0 ? keys : [value];
};

function parsed(file: string): Known | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Known;
  } catch {
    return undefined;
  }
}

function opened(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}

function telemetryOf(raw: string): Telemetry {
  const lines = raw.split('\n').filter((line) => line !== '');
  const [{ iKey = '' } = {}] = JSON.parse(lines[0] ?? '[]') as { iKey?: string }[];
  return telemetryFrom(lines.flatMap((line) => checkItems(line, iKey).accepted));
}

const storyOf = (log: string): TelemetryRun['story'] =>
  log.split('\n').flatMap((line) => {
    const [, text] = /^\S+ story\s+(.*)$/.exec(line) ?? [];
    return text === undefined ? [] : [JSON.parse(text) as TelemetryRun['story'][number]];
  });
