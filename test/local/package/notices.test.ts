import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noticesOf } from '../../../local/package/notices.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'notices-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A package with one file; answers that file's path. */
function install(place: string, license: string | undefined, files: Record<string, string> = {}): string {
  const folder = join(root, 'node_modules', place);
  mkdirSync(join(folder, 'lib'), { recursive: true });
  const name = place.replace(/^.*node_modules\//, '');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return join(folder, 'lib/index.js');
}

it('has every package once, with the texts that it brings', () => {
  const files = [
    install('beta', 'MIT', { LICENSE: 'Copyright Beta', 'license-third.txt': 'and a third' }),
    install('@alpha/one', 'Apache-2.0', { 'LICENSE.md': 'Apache text', NOTICE: 'Alpha made this' }),
    install('beta/node_modules/gamma', 'ISC'),
    install('@alpha/one', 'Apache-2.0').replace('index.js', 'other.js'),
    join(root, 'shared/ours.js'),
  ];
  mkdirSync(join(root, 'node_modules/beta/licenses'));
  const notices = noticesOf(files);
  const headings = notices.split('\n').filter((line) => /^\S+ 1\.2\.3 /.test(line));
  expect(headings).toEqual(['@alpha/one 1.2.3 (Apache-2.0)', 'beta 1.2.3 (MIT)', 'gamma 1.2.3 (ISC)']);
  for (const text of ['Copyright Beta', 'and a third', 'Apache text', 'Alpha made this'])
    expect(notices).toContain(text);
  expect(notices).toMatch(/gamma[^=]*=+\nThe package has no text of its licence/);
});

it('refuses what may not be passed on like that, and what says nothing', () => {
  const copyleft = install('copyleft', 'GPL-3.0');
  const silent = install('silent', undefined);
  expect(() => noticesOf([copyleft, silent])).toThrow(
    /copyleft 1\.2\.3 \(GPL-3\.0\), silent 1\.2\.3 \(no licence named\)/,
  );
});
