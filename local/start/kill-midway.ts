import type { OwnStack } from '../stack/stack.ts';
import { readDirectory } from '../verify/directory-state.ts';
import { isBelow } from '../verify/dn.ts';
import type { RelayLines } from './relay-lines.ts';

/** How much of the seed existed when a part was killed. */
export type Killed = { part: string; entries: number; of: number; share: number };

const killAtShare = 0.35;

/**
 * Kills a part (SIGKILL, no farewell) when more than a third of the entries exist, and then counts them in AD itself. The
 * supervisor starts the part again. Resolves with the count.
 */
export function killMidway(
  part: 'relay' | 'functions',
  { stack, lines, total }: { stack: Promise<OwnStack>; lines: RelayLines; total: number },
): Promise<Killed> {
  return new Promise((resolve, reject) => {
    const strike = async (): Promise<Killed> => {
      const { kill, endpoints } = await stack;
      kill(part, 'SIGKILL');
      const { entries, destination } = await readDirectory(endpoints.directory);
      const count = entries.filter((entry) => isBelow(entry.dn, destination)).length;
      return { part, entries: count, of: total, share: Math.round((100 * count) / total) / 100 };
    };
    const stop = lines.listen(() => {
      if (lines.created < total * killAtShare) return;
      stop();
      strike().then(resolve, reject);
    });
  });
}
