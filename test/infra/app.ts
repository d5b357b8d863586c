import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Binding, provideFunctionsCore } from '../../local/host/functions-core.ts';

/** What the built app asks of its host: its functions by name, each with what triggers it. */
export type App = ReadonlyMap<string, Binding>;

const root = join(import.meta.dirname, '..', '..');

/** Loads every file of functions/, as the host does. Loading needs no settings. */
export async function loadFunctions(): Promise<App> {
  const registry = provideFunctionsCore(() => undefined);
  for (const file of globSync('functions/*.ts', { cwd: root }))
    await import(pathToFileURL(join(root, file)).href);
  return new Map(
    [...registry.functions].map(([name, { metadata }]) => {
      const trigger = Object.values(metadata.bindings).find(({ direction }) => direction === 'in');
      if (trigger === undefined) throw new Error(`${name} has no trigger`);
      return [name, trigger];
    }),
  );
}

/** Names between percent signs, in bindings and host.json: the host replaces them by app settings. */
export function settingsOfHost(app: App): string[] {
  const texts = [...app.values()].map((binding) => JSON.stringify(binding));
  const all = [...texts, readFileSync(join(root, 'host.json'), 'utf8')].join('\n');
  return [...new Set([...all.matchAll(/%([A-Za-z_]\w*)%/g)].map(([, name]) => name as string))];
}

/** Names of connections: with an identity, the host reads `<name>__fullyQualifiedNamespace`, `__credential` and `__clientId`. */
export const connectionsOf = (app: App): string[] => [
  ...new Set(
    [...app.values()].flatMap(({ connection }) => (typeof connection === 'string' ? connection : [])),
  ),
];
