import type { Command } from '../../shared/contracts/command.ts';
import type { Result } from '../../shared/contracts/result.ts';
import { type Answerer, applyCommand, staleResult } from '../apply/apply-command.ts';
import type { Workplace } from '../apply/workplace.ts';
import type { RelayClock } from '../clock.ts';
import { decodeCommand } from './decode-command.ts';
import type { Fence } from './fence.ts';
import { fencedDirectory } from './fenced-directory.ts';
import type { Bus, Delivery, Lane } from './lane.ts';
import type { ResultSender } from './result-sender.ts';
import type { Streak } from './streak.ts';

export type DeskSettings = {
  bus: Bus;
  sender: ResultSender;
  streak: Streak;
  clock: RelayClock;
  answerer: Answerer;
  /** The directory as it is connected now. */
  workplace(): Workplace;
  /** One line per command. */
  log(result: Result, tookMs: number): void;
  refused(messageId: string | undefined, reason: string): void;
};

/** Answers one message: applies it, enqueues its result, then settles it, in this order. */
export type CommandDesk = {
  /** Throws what must hold the message back: it is then not settled and comes again. */
  answer(delivery: Delivery, held: { lane: Lane; fence: Fence }): Promise<void>;
};

export function commandDesk(settings: DeskSettings): CommandDesk {
  const { bus, clock } = settings;
  return {
    async answer(delivery, { lane, fence }) {
      const decoded = decodeCommand(delivery, lane.id, clock.now());
      if ('refusal' in decoded) {
        const { refusal } = decoded;
        await bus.send('refused', [{ id: `${refusal.sha256}-${refusal.at}`, body: refusal }]);
        await lane.complete(delivery);
        settings.refused(refusal.messageId, refusal.reason);
        return;
      }
      const startedMs = clock.monotonicMs();
      const result = await resultFor(decoded.command, fence, settings);
      await settings.sender.send(result);
      await lane.complete(delivery);
      settings.log(result, clock.monotonicMs() - startedMs);
    },
  };
}

async function resultFor(command: Command, fence: Fence, settings: DeskSettings): Promise<Result> {
  const { answerer, streak } = settings;
  if (!fence.admits(command)) return staleResult(command, answerer);
  const workplace = settings.workplace();
  const directory = fencedDirectory(workplace.directory, () => fence.beforeWrite());
  const { result } = await applyCommand(command, { ...workplace, directory }, answerer);
  streak.note(result);
  return result;
}
