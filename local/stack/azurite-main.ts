/**
 * An Azurite service as a part of the stack: `node azurite-main.ts table|blob <Azurite's own arguments>`. Azurite itself is
 * unchanged but for one interval: it saves its database to disk every 5 s, so a `kill -9` would lose what it had acknowledged
 * 5 s before. Here it saves within a quarter of a second (to a new file that is renamed, so it is never half written).
 */
import { createRequire } from 'node:module';

type Loki = { autosaveInterval: number };

const saveEveryMs = 250;

const service = process.argv.splice(2, 1)[0] === 'blob' ? 'blob' : 'table';

const require = createRequire(import.meta.url);
const fromAzurite = createRequire(require.resolve('azurite/package.json'));
const loki = fromAzurite('lokijs') as {
  prototype: { autosaveEnable: (this: Loki, ...args: unknown[]) => void };
};
const autosaveEnable = loki.prototype.autosaveEnable;
loki.prototype.autosaveEnable = function (...args) {
  this.autosaveInterval = saveEveryMs;
  autosaveEnable.apply(this, args);
};

const write = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
console.log = (message: unknown): void => {
  write({ level: 'information', message });
  if (/successfully (started|listens)/.test(String(message))) write({ ready: `${service}s` });
};

process.stdin.on('end', end).on('error', end).resume();
process.on('SIGTERM', end);
fromAzurite(`./dist/src/${service}/main.js`);

function end(): void {
  // Long enough for a save that is due; Azurite's own shutdown waits for keep-alive connections.
  setTimeout(() => process.exit(0), saveEveryMs + 50);
}
