import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PackageError } from './package-error.ts';

const entry = fileURLToPath(new URL('./load-once.ts', import.meta.url));
const rounds = 3;

/** How long it takes to load every function of an app, in milliseconds: the median of three fresh processes on this machine. */
export function measureLoad(appDir: string): number {
  const times = Array.from({ length: rounds }, () => loadOnce(appDir)).sort((a, b) => a - b);
  return Math.round(times[Math.floor(rounds / 2)] ?? 0);
}

function loadOnce(appDir: string): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, appDir], { encoding: 'utf8' });
  if (status !== 0) throw new PackageError(`the packaged app does not load:\n${stderr}`);
  return Number(stdout);
}
