import { copyFileSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../stack/part-plan.ts';
import { bundle, realRequire } from './bundle.ts';
import type { Product } from './product.ts';

/**
 * Makes the app folder: host.json, package.json, one small file per function, and what they share in chunks/, outside of the pattern
 * that the host loads. Without dependencies in package.json nobody runs npm install for it.
 */
export async function bundleFunctions(
  compiled: string,
  folder: string,
  { version, engines, license }: Product,
): Promise<string[]> {
  const files = await bundle(compiled, {
    entryPoints: globSync('functions/*.js', { cwd: compiled }).sort(),
    outbase: compiled,
    outdir: folder,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    external: ['@azure/functions-core'],
    banner: { js: realRequire },
  });
  copyFileSync(join(repositoryRoot, 'host.json'), join(folder, 'host.json'));
  copyFileSync(join(repositoryRoot, 'LICENSE'), join(folder, 'LICENSE'));
  const main = 'functions/*.js';
  const own = {
    name: 'entra-writeback-functions',
    version,
    private: true,
    license,
    type: 'module',
    main,
    engines,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  return files;
}
