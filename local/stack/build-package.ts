import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repositoryRoot } from './part-plan.ts';

/** What host and relay run: a folder with package.json and host.json, and an entry file (absolute, or below the repository). */
export type Programs = { appDir: string; relay: string };

/**
 * Makes what would be deployed (`npm run package`) in `out`, for host and relay to run from there: outside of the repository, with no
 * node_modules above. Throws with the words of the command.
 */
export async function buildPackage(out: string, config?: string): Promise<Programs> {
  const chosen = config === undefined ? [] : ['--config', config];
  const entry = join(repositoryRoot, 'local/package/main.ts');
  const child = spawn(process.execPath, [entry, '--json', '--out', out, ...chosen], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [said, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  if (code !== 0) throw new Error(complaints);
  const { functions, relay } = JSON.parse(said) as { functions: string; relay: { file: string } };
  return { appDir: functions, relay: relay.file };
}
