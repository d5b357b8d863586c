import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PackageError } from './package-error.ts';

/** What may be passed on inside of our files with nothing but its text beside it. */
const permissive = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'];

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });
type Bundled = { folder: string; name: string; version: string; license: string };

/**
 * Name, version and licence text of every package that these files (absolute paths) are of.
 * Throws PackageError where one may not be passed on like that.
 */
export function noticesOf(files: readonly string[]): string {
  const packages = new Map(
    foldersOf(files)
      .map(readPackage)
      .map((one) => [`${one.name} ${one.version}`, one]),
  );
  const foreign = [...packages].filter(([, { license }]) => !permissive.includes(license));
  if (foreign.length > 0) {
    const names = foreign.map(([name, { license }]) => `${name} (${license})`);
    throw new PackageError(
      `may not be passed on with nothing but its licence beside it: ${names.join(', ')}`,
    );
  }
  const sections = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => section(one));
  return `${intro}\n${sections.join('\n')}`;
}

const intro = 'The Functions app and the relay contain code of these packages, each under its own licence.\n';

/** The folder of the package that a file is of, once; none for files of ours. */
function foldersOf(files: readonly string[]): string[] {
  const ofPackage = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
  const folders = files.map((file) => ofPackage.exec(file)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

function readPackage(folder: string): Bundled {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  return { folder, ...manifest, license: manifest.license ?? 'no licence named' };
}

function section({ folder, name, version, license }: Bundled): string {
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map(({ name: file }) => file)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const body = texts.length === 0 ? 'The package has no text of its licence.' : texts.join('\n\n');
  const line = '='.repeat(80);
  return `${line}\n${name} ${version} (${license})\n${line}\n${body}\n`;
}
