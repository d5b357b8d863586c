import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WritebackConfig } from '../../../shared/configuration/define-config.ts';
import { optionNames } from '../../../shared/configuration/option-names.ts';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import ownConfig from '../../../writeback.config.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)]
  .map(([, text = '']) => text)
  .filter((text) => text.includes('export default'));

let folder: string;
beforeAll(() => {
  mkdirSync(join(root, '.local'), { recursive: true });
  folder = mkdtempSync(join(root, '.local/examples-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const paths = [
  ...optionNames.top,
  ...optionNames.users.map((name) => `users.${name}`),
  ...optionNames.userNames.map((name) => `users.names.${name}`),
  ...optionNames.groups.map((name) => `groups.${name}`),
  ...optionNames.groupNames.map((name) => `groups.names.${name}`),
];

it.each(paths)('[config.typed] docs/configuration.md describes %s', (path) => {
  expect(page).toContain(`\`${path}`);
});

it.each(examples.map((text, n) => [n + 1, text] as const))(
  '[config.validated] example %i of docs/configuration.md is valid',
  async (n, text) => {
    const file = join(folder, `example-${n}.config.ts`);
    writeFileSync(file, text.replaceAll("'./shared/", "'../../shared/"));
    const { default: config } = (await import(file)) as { default: WritebackConfig };
    expect(settingsFrom(config)).toHaveProperty('hash');
  },
);

it('[config.validated] there are examples, and the repository’s own configuration is valid', () => {
  expect(examples.length).toBeGreaterThan(2);
  expect(settingsFrom(ownConfig)).toHaveProperty('hash');
});
