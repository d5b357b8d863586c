import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stop } from 'esbuild';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { bundle } from '../../../local/package/bundle.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => stop());

const bundled = (source: string): Promise<string[]> => {
  writeFileSync(join(folder, 'main.js'), source);
  return bundle(folder, { entryPoints: ['main.js'], outfile: join(folder, 'out.mjs') });
};

it('answers the files that have code in it, and none that were left out', async () => {
  writeFileSync(join(folder, 'used.js'), 'export const one = Math.random();');
  writeFileSync(join(folder, 'unused.js'), 'export const two = 2;');
  const files = await bundled("import { one } from './used.js'; import './unused.js'; console.log(one);");
  expect(files.sort()).toEqual([join(folder, 'main.js'), join(folder, 'used.js')]);
  expect(readFileSync(join(folder, 'out.mjs'), 'utf8')).toContain('Math.random()');
});

it.each([
  ["import './nowhere.js';", /main\.js:1: Could not resolve "\.\/nowhere\.js"/],
  [
    "import { nothing } from './empty.js'; console.log(nothing);",
    /No matching export|import-is-undefined|"nothing"/,
  ],
  ["import './native.node';", /No loader is configured for "\.node" files/],
])('says why %s cannot be bundled, and where', async (source, reason) => {
  writeFileSync(join(folder, 'empty.js'), 'export const something = 1;');
  writeFileSync(join(folder, 'native.node'), '');
  await expect(bundled(source)).rejects.toThrow(reason);
});
