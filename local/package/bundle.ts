import { resolve } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { PackageError } from './package-error.ts';

/**
 * CommonJS modules in a bundle of ES modules call `require` for Node's own modules, and @azure/functions for `@azure/functions-core`,
 * which the worker provides by patching `Module.prototype.require`: a real `require` reaches both.
 */
export const realRequire =
  "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);";

/**
 * Bundles for the oldest Node that package.json allows. Names and lines stay readable, so a stack trace needs no source map (which would
 * be twice the size of the code), and the text of the configuration's functions, which is hashed, stays what it was.
 * `from` is where sources are named from, so that nothing of the bundle depends on the folder. Answers every file that has code in it.
 * Throws PackageError where a module cannot be found or read.
 */
export async function bundle(from: string, options: BuildOptions): Promise<string[]> {
  try {
    const { metafile, warnings } = await build({
      absWorkingDir: from,
      bundle: true,
      charset: 'utf8',
      format: 'esm',
      legalComments: 'none',
      logLevel: 'silent',
      metafile: true,
      platform: 'node',
      target: 'node22.12',
      ...options,
    });
    // What esbuild only warns of (a require that it cannot follow, an import that is not exported) fails when it runs.
    if (warnings.length > 0) throw Object.assign(new Error('warnings'), { errors: warnings });
    return usedFiles(metafile as Metafile).map((file) => resolve(from, file));
  } catch (error) {
    throw new PackageError(`cannot be bundled:\n${reasonsOf(error).join('\n')}`, { cause: error });
  }
}

/** The inputs that gave at least a byte to an output. */
function usedFiles({ outputs }: Metafile): string[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  return [...new Set(used)];
}

type Reason = { text: string; location?: { file: string; line: number } | null };

function reasonsOf(error: unknown): string[] {
  const { errors } = error as { errors?: Reason[] };
  if (errors === undefined) return [String(error)];
  return errors.map(({ text, location }) =>
    location == null ? text : `${location.file}:${location.line}: ${text}`,
  );
}
