import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readConfig } from '../../shared/config.ts';

/** What somebody copies to local.settings.json before `func start`. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const { IsEncrypted, Values } = JSON.parse(
  readFileSync(join(root, 'local.settings.example.json'), 'utf8'),
) as {
  IsEncrypted: boolean;
  Values: Record<string, string>;
};

/** Settings of the Functions host itself. */
const ofTheHost = ['AzureWebJobsStorage', 'FUNCTIONS_WORKER_RUNTIME'];

/** Those that a binding names, and the host therefore wants: `%NAME%`. */
const ofBindings = globSync('functions/*.ts', { cwd: root }).flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/'%(\w+)%'/g)].map((match) => match[1] ?? ''),
);

/** As somebody fills it in. */
const filledIn = Object.fromEntries(
  Object.entries(Values).map(([name, value]) => [name, value.replaceAll(/<[^>]+>/g, 'filled-in')]),
);

const without = (left: string): Record<string, string> =>
  Object.fromEntries(Object.entries(filledIn).filter(([name]) => name !== left));

it('is enough: filled in, the app and the bindings miss nothing', () => {
  expect(() => readConfig(filledIn)).not.toThrow();
  expect([...ofTheHost, ...ofBindings].filter((name) => !(name in Values))).toEqual([]);
  expect(IsEncrypted).toBe(false);
});

it('has nothing in vain: each setting is the host’s, a binding’s, or one that the app does not start without', () => {
  const known = [...ofTheHost, ...ofBindings];
  for (const name of Object.keys(Values).filter((one) => !known.includes(one)))
    expect(() => readConfig(without(name)), name).toThrow(new RegExp(name));
});

it('holds no secret: what is yours to fill in is in angle brackets, or there is nothing', () => {
  const values = Object.values(Values).join('\n');
  expect(values).not.toMatch(/AccountKey|SharedAccessKey|code=[^<]|[A-Za-z0-9+/=]{40,}/);
});
