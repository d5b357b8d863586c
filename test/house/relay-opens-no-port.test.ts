import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Whatever can wait for somebody from outside. */
const listens = /\bcreateServer\b|\.listen\(|node:(http|https|http2|dgram|inspector)\b|\bnew Server\b/;

test('[relay.outbound-only] nothing in the relay can open a port', () => {
  const files = globSync('relay/**/*.ts', { cwd: root });
  expect(files).toContain('relay/main.ts');
  expect(files.filter((file) => listens.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});
