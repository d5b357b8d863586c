import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildApp } from '../../local/stack/build-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'clone-'));
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'local/build.mjs'])
    cpSync(join(root, file), join(clone, file));
  mkdirSync(join(clone, 'functions'));
  for (const name of ['one', 'two'])
    writeFileSync(join(clone, `functions/${name}.ts`), 'export const a = 1;\n');
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

const begin = (): ChildProcess =>
  spawn(process.execPath, [join(clone, 'local/build.mjs')], { cwd: clone, stdio: 'inherit' });
const codeOf = async (build: ChildProcess): Promise<unknown> => (await once(build, 'exit'))[0];
const functions = (): string[] =>
  readdirSync(join(clone, 'dist/functions')).filter((name) => name.endsWith('.js'));

test('builds at once do not take files from each other, and leave nothing but dist', async () => {
  expect(await Promise.all([begin(), begin(), begin()].map(codeOf))).toEqual([0, 0, 0]);
  expect(functions()).toEqual(['one.js', 'two.js']);
  expect(readdirSync(join(clone, '.local'))).toEqual([]);
});

test('a file without a source goes, what does not compile changes nothing, and nothing is built twice', async () => {
  expect((await buildApp(clone)).isNew).toBe(true);
  expect((await buildApp(clone)).isNew).toBe(false);
  rmSync(join(clone, 'functions/one.ts'));
  expect((await buildApp(clone)).isNew).toBe(true);
  expect(functions()).toEqual(['two.js']);
  writeFileSync(join(clone, 'functions/two.ts'), 'export const a: string = 1;\n');
  await expect(buildApp(clone)).rejects.toThrow(/does not compile[\s\S]*two\.ts/);
  expect(functions()).toEqual(['two.js']);
  expect(existsSync(join(clone, 'dist/.built-from'))).toBe(true);
});
