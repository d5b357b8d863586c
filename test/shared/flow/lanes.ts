import type { Command } from '../../../shared/contracts/command.ts';
import { laneOf } from '../../../shared/domain/lane.ts';

/** The lanes of a relay: commands wait in order, each lane by itself; an older epoch is refused. */
export type Lanes = {
  accept(command: Command): void;
  busyLanes(): string[];
  /** Takes the next command off a lane. */
  take(lane: string): Command;
  /** Whether a command is of an epoch that its lane has left behind; otherwise the lane remembers its epoch. */
  isStale(command: Command): boolean;
};

export function createLanes(): Lanes {
  const lanes = new Map<string, Command[]>();
  const epochs = new Map<string, number>();
  return {
    accept(command) {
      const lane = laneOf(command.id);
      lanes.set(lane, [...(lanes.get(lane) ?? []), command]);
    },
    busyLanes: () => [...lanes].filter(([, queue]) => queue.length > 0).map(([lane]) => lane),
    take(lane) {
      const command = lanes.get(lane)?.shift();
      if (command === undefined) throw new Error('an idle lane');
      return command;
    },
    isStale({ id, type, order }) {
      const fence = `${laneOf(id)}:${type === 'user' ? 'user' : 'group'}`;
      if (order.epoch < (epochs.get(fence) ?? 0)) return true;
      epochs.set(fence, order.epoch);
      return false;
    },
  };
}
