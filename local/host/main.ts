/**
 * The local stand-in for the Azure Functions host: `node local/host/main.ts [--list]`. Settings and ready line are described
 * in local/README.md, what it does not model in docs/differences/host.md.
 */
import { parseArgs } from 'node:util';
import { listFunctions, openApp, startHost } from './host.ts';
import { AppError } from './load-app.ts';
import { fillFromLocalSettings } from './local-settings.ts';
import { captureConsole, log, writeLine } from './log.ts';
import { isConnectionNoise } from './service-bus-client.ts';
import { readHostSettings } from './settings.ts';

const { values } = parseArgs({ options: { list: { type: 'boolean', default: false } } });
const env = process.env;

try {
  if (values.list) await list();
  else await run();
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

async function list(): Promise<void> {
  // Standard output is the list and nothing else, whatever the library says while it loads.
  const say = (_level: string, _category: string, message: string) => process.stderr.write(`${message}\n`);
  const app = await openApp(env['HOST_APP_DIR'] ?? process.cwd(), env, say);
  process.stdout.write(`${JSON.stringify(listFunctions(app), null, 2)}\n`);
  process.exit(0);
}

async function run(): Promise<void> {
  fillFromLocalSettings(env['HOST_APP_DIR'] ?? process.cwd(), env);
  const settings = readHostSettings(env);
  if ('problems' in settings) {
    process.stderr.write(`${settings.problems.join('\n')}\n`);
    process.exit(2);
  }
  captureConsole();
  const stop = endOfLife();
  process.on('unhandledRejection', (reason) => {
    log({ level: 'error', message: 'unhandled rejection', reason: describe(reason) });
    if (!isConnectionNoise(reason)) process.exit(1);
  });
  const host = await startHost(await openApp(settings.appDir, env), settings, env);
  writeLine({ ready: 'host', port: host.port, functions: host.functions });
  await stop;
  await host.stop();
  process.exit(0);
}

/** Resolves when the supervisor is gone (end of standard input) or asks to stop. */
function endOfLife(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.on('end', resolve).on('close', resolve).on('error', resolve).resume();
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

function describe(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
