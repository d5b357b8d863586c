import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = [
  '{functions,shared}/**/*.ts',
  '*.config.ts',
  'tsconfig*.json',
  'package-lock.json',
  'local/build.mjs',
];

/**
 * Builds the Functions app into dist/ unless dist/ was built from the very same sources. Throws with the compiler's words.
 * Answers whether it built.
 */
export async function buildApp(root: string): Promise<boolean> {
  const stamp = join(root, 'dist', '.built-from');
  const wanted = fingerprint(root);
  if (read(stamp) === wanted) return false;
  const entry = join(root, 'local/build.mjs');
  const build = spawn(process.execPath, [entry, wanted], { cwd: root, stdio: 'pipe' });
  let output = '';
  for (const stream of [build.stdout, build.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = (await once(build, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the Functions app does not compile:\n${output}`);
  return true;
}

function fingerprint(root: string): string {
  const hash = createHash('sha256');
  for (const file of globSync(sources, { cwd: root }).sort()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
