import { provideFunctionsCore } from '../host/functions-core.ts';
import { loadApp } from '../host/load-app.ts';

/** `node load-once.ts APP`: loads the app as the host does and prints how many milliseconds that took. */
const registry = provideFunctionsCore(() => undefined);
const startedAt = performance.now();
await loadApp(process.argv[2] ?? '', registry);
process.stdout.write(String(performance.now() - startedAt));
process.exit(0);
