import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesBetween, linesOf, writeChanges } from '../../../local/infra/compare.ts';

let root: string;
let folder: string;
let copy: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wb-compare-'));
  [folder, copy] = [join(root, 'infra'), join(root, 'copy')];
  for (const one of [folder, copy]) mkdirSync(one);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what differs from the sources', () => {
  it('a file that is stale or missing, and no file that the compiler does not write', () => {
    writeFileSync(join(folder, 'main.json'), '{}\n');
    writeFileSync(join(copy, 'main.json'), '{"a":1}');
    writeFileSync(join(copy, 'dev.snapshot.json'), '{}');
    writeFileSync(join(copy, 'queues.json'), '{}');
    expect(changesBetween(folder, copy)).toEqual([
      { file: 'dev.snapshot.json', now: undefined, wanted: '{}\n' },
      { file: 'main.json', now: '{}\n', wanted: '{"a":1}\n' },
    ]);
  });

  it('line ends and a last line feed make no difference', () => {
    writeFileSync(join(folder, 'main.bicep'), 'a\nb\n');
    writeFileSync(join(copy, 'main.bicep'), 'a\r\nb');
    expect(changesBetween(folder, copy)).toEqual([]);
  });

  it('is written, unless somebody edits the file in the meantime', () => {
    for (const file of ['main.bicep', 'main.json']) {
      writeFileSync(join(folder, file), 'old\n');
      writeFileSync(join(copy, file), 'new\n');
    }
    const changes = changesBetween(folder, copy);
    writeFileSync(join(folder, 'main.bicep'), 'edited\n');
    expect(writeChanges(folder, changes).map(({ file }) => file)).toEqual(['main.json']);
    expect(readFileSync(join(folder, 'main.bicep'), 'utf8')).toBe('edited\n');
    expect(readFileSync(join(folder, 'main.json'), 'utf8')).toBe('new\n');
  });

  it('is shown from the first line that differs to the last', () => {
    const change = { file: 'main.json', now: 'a\nb\nc\nd\n', wanted: 'a\nx\ny\nd\n' };
    expect(linesOf(change)).toEqual(['- b', '- c', '+ x', '+ y']);
    expect(linesOf(change, 1)).toEqual(['- b', '… and 3 lines more']);
    expect(linesOf({ ...change, now: undefined })).toEqual(['+ (the file is missing)']);
  });
});
