import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, globSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const sources = [
  '{functions,shared}/**/*.ts',
  '*.config.ts',
  'tsconfig*.json',
  'package-lock.json',
  'local/build.mjs',
];

/** The Functions app: in which folder its package.json, host.json and dist/ are, and whether it had to be built. */
export type BuiltApp = { appDir: string; isNew: boolean };

/**
 * Builds the Functions app unless it was built from the very same sources. With another configuration than writeback.config.ts
 * (a file of this repository) it gets a folder of its own in .local/apps. Throws with the compiler's words.
 */
export async function buildApp(root: string, config?: string): Promise<BuiltApp> {
  const appDir = config === undefined ? root : appDirFor(root, config);
  const out = join(appDir, 'dist');
  const wanted = fingerprint(root, config);
  if (read(join(out, '.built-from')) === wanted) return { appDir, isNew: false };
  const chosen = config === undefined ? [] : ['--config', config, '--out', out];
  await build(root, [wanted, ...chosen]);
  return { appDir, isNew: true };
}

/** The host finds package.json and host.json beside dist/, and packages in a node_modules above. */
function appDirFor(root: string, config: string): string {
  const name = createHash('sha256').update(resolve(config)).digest('hex').slice(0, 12);
  const appDir = join(root, '.local', 'apps', name);
  mkdirSync(appDir, { recursive: true, mode: 0o700 });
  for (const file of ['package.json', 'host.json']) copyFileSync(join(root, file), join(appDir, file));
  return appDir;
}

async function build(root: string, args: readonly string[]): Promise<void> {
  const entry = join(root, 'local/build.mjs');
  const child = spawn(process.execPath, [entry, ...args], { cwd: root, stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the Functions app does not compile:\n${output}`);
}

function fingerprint(root: string, config: string | undefined): string {
  const hash = createHash('sha256');
  const files = globSync(sources, { cwd: root }).map((file) => join(root, file));
  for (const file of [...files.sort(), ...(config === undefined ? [] : [resolve(config)])]) {
    const { mtimeMs, size } = statSync(file);
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
