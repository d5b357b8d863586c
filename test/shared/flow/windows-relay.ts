import type { Command } from '../../../shared/contracts/command.ts';
import type { Result } from '../../../shared/contracts/result.ts';
import { resultOf } from '../../../shared/contracts/result-of.ts';
import { textOf } from '../../fakes/windows/windows-entry.ts';
import { type RelayWorld, relayWorld } from '../../relay/relay-world.ts';
import { createLanes, type Lanes } from './lanes.ts';

/** The real relay's code on a domain in memory that is as strict as Windows, behind lanes and fence. */
export type WindowsRelay = Pick<Lanes, 'accept' | 'busyLanes'> & {
  world: RelayWorld;
  work(lane: string): Promise<Result>;
  /** The sAMAccountName that each entry of ours had first, by objectGUID. */
  issued: Map<string, string>;
  /** How many of the next commands are rejected. */
  rejections: number;
};

export async function windowsRelay(clock: { now(): number }): Promise<WindowsRelay> {
  const world = await relayWorld();
  const lanes = createLanes();
  const relay: WindowsRelay = {
    accept: lanes.accept,
    busyLanes: lanes.busyLanes,
    world,
    issued: new Map(),
    rejections: 0,
    async work(lane) {
      const command = lanes.take(lane);
      const result = await answer(command);
      const entry = world.entryOf(command.id);
      const name = entry && textOf(entry, 'sAMAccountName');
      if (entry && name && !relay.issued.has(entry.guid)) relay.issued.set(entry.guid, name);
      return { ...result, times: { ...result.times, commit: clock.now() } };
    },
  };
  return relay;

  async function answer(command: Command): Promise<Result> {
    if (lanes.isStale(command)) return resultOf(command, { relay: 'windows', outcome: 'stale' });
    if (relay.rejections > 0) {
      relay.rejections--;
      const code = 'directory-refused' as const;
      return resultOf(command, { relay: 'windows', outcome: 'rejected', code, reason: 'for the test' });
    }
    return world.apply(command);
  }
}
