/** Starts the Functions app as a worker does, with whatever settings there are, and ends. */
import { provideFunctionsCore } from '../../../local/host/functions-core.ts';

const registry = provideFunctionsCore(() => undefined);
await import('../../../functions/compose.ts');
try {
  for (const hook of registry.hooks.get('appStart') ?? []) await hook({});
} catch {
  process.exit(3);
}
process.exit(0);
