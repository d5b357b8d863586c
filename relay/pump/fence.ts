import { z } from 'zod';
import type { Command } from '../../shared/contracts/command.ts';
import type { Kind } from '../../shared/domain/object-id.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { DurationMs } from '../../shared/domain/time.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { Lane } from './lane.ts';

/*
 * Two zombies have to be kept out of the directory.
 *
 * The zombie reader: a Functions instance that lost the cursor and does not know it yet still sends commands. Every reader
 * raised the epoch before its first read, so a command of an older epoch is old news. The session state of the lane keeps
 * the highest epoch that was seen, per kind, and survives every relay:
 *
 *   reader A (epoch 4)  ──cmd 4.1──cmd 4.2─────────────cmd 4.3──▶ stale: nothing done
 *   reader B (epoch 5)  ───────────────────cmd 5.1─────────────▶ state := 5, then the write
 *
 * The state is stored before the first write of a higher epoch. Storing runs beside the reads and the plan; only the
 * write waits for it.
 *
 * The zombie relay: a process that was suspended, or cut off, for longer than its session lock. Another relay has the lane
 * now. So no LDAP write starts unless the lock outlives the time that a write may take, on a clock that nobody sets:
 *
 *   lock   ├──────────────────────────────┤ expires
 *   write            ├── timeout ──┤         may start
 *   write                       ├── timeout ──┤  may not: renew first, and give up where that fails
 */

const stateSchema = z.object({
  v: z.literal(1),
  user: z.number().int().nonnegative(),
  group: z.number().int().nonnegative(),
});

export type Fence = {
  /** False for a command of an older epoch than the lane has seen. A higher epoch starts to be stored. */
  admits(command: Pick<Command, 'type' | 'order'>): boolean;
  /** To be awaited before every directory write: the epoch is stored and the lock outlives the write. Throws lock-lost. */
  beforeWrite(): Promise<void>;
};

/** The fence of a lane, read from its session state. `writeTakesMs`: the longest that one LDAP write may take. */
export async function readFence(lane: Lane, writeTakesMs: DurationMs): Promise<Fence> {
  const epochs = parseEpochs(await lane.readState());
  let storing: Promise<void> | undefined;
  return {
    admits(command) {
      const kind = kindOf(command);
      const { epoch }: Order = command.order;
      if (epoch < epochs[kind]) return false;
      if (epoch > epochs[kind]) {
        epochs[kind] = epoch;
        storing = lane.writeState(JSON.stringify({ v: 1, ...epochs }));
        storing.catch(() => undefined); // whoever writes awaits it below
      }
      return true;
    },
    async beforeWrite() {
      await storing;
      if (lane.lockLeftMs() > writeTakesMs) return;
      await lane.renew();
      if (lane.lockLeftMs() > writeTakesMs) return;
      throw new WritebackError('lock-lost', {
        detail: `even a renewed lock of lane ${lane.id} is shorter than a directory write may take`,
      });
    },
  };
}

function kindOf(command: Pick<Command, 'type'>): Kind {
  return command.type === 'user' ? 'user' : 'group';
}

function parseEpochs(text: string | undefined): Record<Kind, number> {
  if (text === undefined) return { user: 0, group: 0 };
  const parsed = stateSchema.safeParse(parseJson(text));
  if (parsed.success) return { user: parsed.data.user, group: parsed.data.group };
  throw new WritebackError('version-unknown', { detail: 'the state of a session of the queue writes' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
