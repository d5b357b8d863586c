import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestIngestion } from '../../fixtures/ingestion.ts';

const entry = fileURLToPath(new URL('./sender.ts', import.meta.url));

type Line = { started?: number; traceparent?: string; done?: string; ms?: number; msg?: string };

/** A process that sends telemetry; its deeds are those of sender.ts. */
export type Sender = {
  startMs: number;
  /** What it has told on its console. */
  told: Line[];
  /** Lines that are not JSON: SDKs that talk although nobody asked them. */
  strays: string[];
  /** How long it took, ms. */
  do(deed: string, argument?: string): Promise<number>;
  /** The traceparent of a new trace. */
  ring(): Promise<string>;
  /** Lets it flush and end; how long that took, ms. */
  end(): Promise<number>;
};

export async function startSender(
  ingestion: Pick<TestIngestion, 'connectionString' | 'caFile'>,
  more: Record<string, string> = {},
): Promise<Sender> {
  const child = spawn(process.execPath, [entry], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
      NODE_EXTRA_CA_CERTS: ingestion.caFile,
      OTEL_METRIC_EXPORT_INTERVAL: '600000',
      ...more,
    },
  });
  const exited = once(child, 'exit');
  const told: Line[] = [];
  const strays: string[] = [];
  const waiting: (() => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!text.startsWith('{')) {
      strays.push(text);
      return;
    }
    told.push(JSON.parse(text) as Line);
    for (const wake of waiting.splice(0)) wake();
  });
  const line = async (is: (line: Line) => boolean): Promise<Line> => {
    for (;;) {
      const found = told.findIndex(is);
      if (found >= 0) return told.splice(found, 1)[0] ?? {};
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      const ended = exited.then(() => {
        throw new Error('the sender ended');
      });
      await Promise.race([promise, ended]);
    }
  };
  const act = async (deed: string, argument = ''): Promise<number> => {
    child.stdin.write(`${deed} ${argument}\n`);
    return (await line(({ done }) => done === deed)).ms ?? 0;
  };
  const startMs = (await line(({ started }) => started !== undefined)).started ?? 0;
  return {
    startMs,
    told,
    strays,
    do: act,
    ring: async () => {
      await act('ring');
      return (await line(({ traceparent }) => traceparent !== undefined)).traceparent ?? '';
    },
    end: async () => {
      const begun = performance.now();
      child.stdin.end();
      await exited;
      return performance.now() - begun;
    },
  };
}
