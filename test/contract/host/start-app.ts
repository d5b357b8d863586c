/** Starts the Functions app as a worker does, says so, and stays until its standard input ends. */
import { provideFunctionsCore } from '../../../local/host/functions-core.ts';

const registry = provideFunctionsCore(() => undefined);
await import('../../../functions/compose.ts');
for (const hook of registry.hooks.get('appStart') ?? []) await hook({});
console.log('has started');
process.stdin.on('end', () => process.exit(0)).resume();
