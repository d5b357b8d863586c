import { bundle, realRequire } from './bundle.ts';
import type { Product } from './product.ts';

/** Makes the relay: one file that runs by itself under the Node that package.json asks for. */
export function bundleRelay(compiled: string, file: string, product: Product): Promise<string[]> {
  return bundle(compiled, {
    entryPoints: ['relay/main.js'],
    outfile: file,
    banner: { js: `${head(product)}\n${realRequire}` },
  });
}

/** Runs before anything of the relay does. */
const head = ({ version, license }: Product): string => `#!/usr/bin/env node
// entra-writeback relay ${version}, ${license} licence. Licences of what is in it: THIRD-PARTY-NOTICES.txt
if (process.argv.includes('--version')) {
  console.log('${version}');
  process.exit(0);
}
if (process.argv.includes('--help')) {
  console.log('node relay.mjs  (settings come from the environment, or node --env-file=relay.env relay.mjs)');
  process.exit(0);
}
if (Number(process.versions.node.split('.')[0]) < 22) {
  console.error('the relay needs Node.js 22 or later; this is ' + process.version);
  process.exit(2);
}`;
