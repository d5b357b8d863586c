import { parseArgs } from 'node:util';
import { startTenantServer } from './server.ts';
import { settingsFrom } from './settings.ts';

/*
 * The Graph tenant simulator with a managed identity endpoint, as a process of the local stack (local/README.md).
 * `--awkward` (or `--awkward=a,b`) is the same as TENANT_AWKWARD.
 */

const given = process.argv.slice(2).map((text) => (text === '--awkward' ? '--awkward=all' : text));
const { values } = parseArgs({ args: given, options: { awkward: { type: 'string' } } });
const read = settingsFrom({
  ...process.env,
  ...(values.awkward !== undefined && { TENANT_AWKWARD: values.awkward }),
});

if ('problems' in read) {
  for (const problem of read.problems) console.error(problem);
  process.exit(2);
}

const { port, identityPort, stop } = await startTenantServer(read.settings);
console.log(JSON.stringify({ ready: 'tenant', port, identityPort }));

const end = (): void => {
  void stop().finally(() => process.exit(0));
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.stdin.on('end', end).resume();
