import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { zipFolder } from '../../../local/package/zip-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fill(names: readonly string[], modified: Date): string {
  const place = mkdtempSync(join(folder, 'app-'));
  mkdirSync(join(place, 'functions'));
  for (const name of names) {
    writeFileSync(join(place, name), `content of ${name}`);
    utimesSync(join(place, name), modified, modified);
  }
  return place;
}

it('keeps every file by its path from the folder', () => {
  const place = fill(['host.json', 'functions/one.js'], new Date());
  const unpacked = Object.entries(unzipSync(zipFolder(place)));
  expect(unpacked.map(([name, bytes]) => [name, strFromU8(bytes)])).toEqual([
    ['functions/one.js', 'content of functions/one.js'],
    ['host.json', 'content of host.json'],
  ]);
});

it('gives the same bytes whatever the order, the dates of the files and the zone of the machine', () => {
  const early = fill(['host.json', 'functions/one.js'], new Date('2001-01-01'));
  const late = fill(['functions/one.js', 'host.json'], new Date('2026-11-22'));
  const module = fileURLToPath(new URL('../../../local/package/zip-folder.ts', import.meta.url));
  const elsewhere = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { zipFolder } from '${module}'; process.stdout.write(zipFolder('${late}'));`,
    ],
    { env: { ...process.env, TZ: 'Pacific/Auckland' } },
  );
  expect(Buffer.compare(Buffer.from(zipFolder(early)), elsewhere)).toBe(0);
});
