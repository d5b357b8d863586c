import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../../../local/broker/journal/journal.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const seen = (id: string) => ({ t: 'seen', q: 'q', id, at: 1 }) as const;

test('what was committed is read back with its payload; what was only appended is not', () => {
  const journal = new Journal(folder);
  journal.open(() => []);
  journal.append({ t: 'state', q: 'q', sid: 's' }, Buffer.from([0, 255]));
  journal.append({ t: 'state', q: 'q', sid: 't' });
  journal.commit();
  journal.append(seen('lost'));
  expect([...new Journal(folder).read()]).toEqual([
    { entry: { t: 'state', q: 'q', sid: 's' }, payload: Buffer.from([0, 255]) },
    { entry: { t: 'state', q: 'q', sid: 't' }, payload: undefined },
  ]);
  journal.close();
});

test('a record torn by the crash is dropped, the ones before it are not', () => {
  const journal = new Journal(folder);
  journal.open(() => []);
  journal.append(seen('kept'));
  journal.close();
  appendFileSync(join(folder, 'journal.bin'), Buffer.from([0, 0, 1, 0, 0, 0, 0, 9, 0, 123]));
  expect([...new Journal(folder).read()].map(({ entry }) => entry)).toEqual([seen('kept')]);
});

test('an empty folder holds nothing', () => {
  expect([...new Journal(join(folder, 'new')).read()]).toEqual([]);
});

test('a journal that has grown far beyond its snapshot is replaced by one', () => {
  const journal = new Journal(folder);
  journal.open(() => [{ entry: seen('snapshot') }]);
  const payload = Buffer.alloc(1024 * 1024);
  for (let megabyte = 0; megabyte < 65; megabyte += 1) {
    journal.append({ t: 'state', q: 'q', sid: 's' }, payload);
    journal.commit();
  }
  journal.append(seen('after'));
  journal.close();
  expect(statSync(join(folder, 'journal.bin')).size).toBeLessThan(3 * payload.length);
  const ids = [...new Journal(folder).read()].map(({ entry }) => ('id' in entry ? entry.id : ''));
  expect([ids[0], ids.at(-1)]).toEqual(['snapshot', 'after']);
});
