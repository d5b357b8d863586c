import { isAbsolute, join } from 'node:path';
import { runProgram } from './run-program.ts';

/**
 * Where the types of the Graph extension may lie for machines that do not reach its registry: `shared/bicep` beside this repository,
 * or, in a fresh clone, beside the one that it was cloned from.
 */
export async function typesFolders(root: string): Promise<string[]> {
  const origin = await runProgram('git', ['-C', root, 'config', '--get', 'remote.origin.url']);
  const path = origin?.stdout.trim() ?? '';
  return [root, ...(isAbsolute(path) ? [path] : [])].map((one) => join(one, '..', 'shared', 'bicep'));
}
