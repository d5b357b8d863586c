/** `npm run package`: makes what is deployed. See `npm run package -- --help`, and docs/adr/one-bundle-per-process.md for why it is as it is. */
import { relative } from 'node:path';
import { type Made, makePackage, type Package } from './make-package.ts';
import { packageOptions } from './options.ts';
import { PackageError } from './package-error.ts';

const options = packageOptions(process.argv.slice(2));
try {
  const made = await makePackage(options, (text) => process.stderr.write(options.json ? '' : `· ${text}\n`));
  process.stdout.write(options.json ? `${JSON.stringify(made)}\n` : words(made));
} catch (error) {
  if (!(error instanceof PackageError)) throw error;
  process.stderr.write(`Nothing was packaged:\n${error.message}\n`);
  process.exitCode = 1;
}

function words({ version, functions, zip, relay, loadMs }: Package): string {
  return [
    `version ${version}`,
    `${line(zip)}   the Functions app; unpacked in ${relative(process.cwd(), functions)}, loads in ${loadMs} ms here`,
    `${line(relay)}   the relay: node ${relative(process.cwd(), relay.file)}`,
    '',
  ].join('\n');
}

function line({ file, bytes, sha256 }: Made): string {
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${relative(process.cwd(), file)}   ${size}   sha256 ${sha256.slice(0, 16)}…`;
}
