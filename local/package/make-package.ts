import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stop } from 'esbuild';
import { repositoryRoot } from '../stack/part-plan.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { bundleRelay } from './bundle-relay.ts';
import { type Compiled, compile } from './compile.ts';
import { measureLoad } from './load-time.ts';
import { noticesOf } from './notices.ts';
import { type PackageOptions, packageEntries } from './options.ts';
import { type Product, readProduct } from './product.ts';
import { zipFolder } from './zip-folder.ts';

/** A file that is passed on. */
export type Made = { file: string; bytes: number; sha256: string };

/** What was made, and how long the app takes to load on this machine. */
export type Package = { version: string; functions: string; zip: Made; relay: Made; loadMs: number };

/**
 * Makes the package in temporary folders and puts it in its place when it loads; where something is wrong, what was there stays.
 * What is compiled must be inside of this repository, where its packages are; what comes of it must load outside, where there are none.
 * Throws PackageError.
 */
export async function makePackage(
  { out, config }: PackageOptions,
  say: (text: string) => void,
): Promise<Package> {
  const product = readProduct();
  mkdirSync(join(repositoryRoot, '.local'), { recursive: true, mode: 0o700 });
  const scratch = mkdtempSync(join(repositoryRoot, '.local', 'package-'));
  const fresh = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    say(`compiling the Functions app with ${config ?? 'writeback.config.ts'}, and the relay`);
    const compiled = compile(scratch, config);
    say('bundling');
    await fill(fresh, compiled, product);
    say('loading it');
    const loadMs = measureLoad(join(fresh, 'functions'));
    put(fresh, out);
    return {
      ...{ version: product.version, functions: join(out, 'functions'), loadMs },
      ...{ zip: made(join(out, 'functions.zip')), relay: made(join(out, 'relay.mjs')) },
    };
  } finally {
    await stop();
    for (const folder of [scratch, fresh]) rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(folder: string, compiled: Compiled, product: Product): Promise<void> {
  const app = join(folder, 'functions');
  mkdirSync(app);
  const notices = noticesOf([
    ...(await bundleFunctions(compiled.functions, app, product)),
    ...(await bundleRelay(compiled.relay, join(folder, 'relay.mjs'), product)),
  ]);
  for (const place of [folder, app]) writeFileSync(join(place, 'THIRD-PARTY-NOTICES.txt'), notices);
  writeFileSync(join(folder, 'functions.zip'), zipFolder(app));
}

/** By copying: the folder may be on another disk. */
function put(fresh: string, out: string): void {
  mkdirSync(out, { recursive: true });
  for (const name of packageEntries) {
    rmSync(join(out, name), { recursive: true, force: true });
    cpSync(join(fresh, name), join(out, name), { recursive: true });
  }
}

function made(file: string): Made {
  const content = readFileSync(file);
  return { file, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}
