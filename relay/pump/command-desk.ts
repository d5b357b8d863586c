import type { Command } from '../../shared/contracts/command.ts';
import type { Refusal } from '../../shared/contracts/refusal.ts';
import type { Result } from '../../shared/contracts/result.ts';
import type { Span, Telemetry } from '../../shared/telemetry/telemetry.ts';
import { type Answerer, applyCommand, staleResult } from '../apply/apply-command.ts';
import type { Workplace } from '../apply/workplace.ts';
import type { RelayClock } from '../clock.ts';
import { decodeCommand } from './decode-command.ts';
import type { Fence } from './fence.ts';
import { fencedDirectory } from './fenced-directory.ts';
import type { Bus, Delivery, Lane } from './lane.ts';
import type { ResultSender } from './result-sender.ts';
import type { Streak } from './streak.ts';
import { endFailed, tracedDirectory } from './traced-directory.ts';

export type DeskSettings = {
  bus: Bus;
  sender: ResultSender;
  streak: Streak;
  clock: RelayClock;
  answerer: Answerer;
  telemetry: Pick<Telemetry, 'start'>;
  /** The directory as it is connected now. */
  workplace(): Workplace;
  /** Told of every command that was answered and settled. */
  answered(result: Result, how: Answering): void;
  refused(refusal: Refusal): void;
};

/** `tookMs`: from the delivery of a command to its settlement. */
export type Answering = { tookMs: number; lane: string };

/** A message in hand, with the lane that it came from. */
type InHand = { delivery: Delivery; lane: Lane; fence: Fence };

/** Answers one message: applies it, enqueues its result, then settles it, in this order. */
export type CommandDesk = {
  /** Throws what must hold the message back: it is then not settled and comes again. */
  answer(delivery: Delivery, held: { lane: Lane; fence: Fence }): Promise<void>;
};

export function commandDesk(settings: DeskSettings): CommandDesk {
  return {
    async answer(delivery, { lane, fence }) {
      const inHand = { delivery, lane, fence };
      const decoded = decodeCommand(delivery, lane.id, settings.clock.now());
      if ('refusal' in decoded) await refuse(decoded.refusal, inHand, settings);
      else await obey(decoded.command, inHand, settings);
    },
  };
}

async function refuse(refusal: Refusal, { delivery, lane }: InHand, settings: DeskSettings): Promise<void> {
  const { traceparent: parent } = refusal;
  const attributes = { code: 'message-invalid', lane: lane.id };
  const span = settings.telemetry.start('apply', { ...(parent === undefined ? {} : { parent }), attributes });
  const body: Refusal = { ...refusal, traceparent: span.traceparent };
  await orFailed(span, async () => {
    await settings.bus.send('refused', [{ id: `${refusal.sha256}-${refusal.at}`, body }]);
    await lane.complete(delivery);
  });
  span.end({ outcome: 'failed' });
  settings.refused(body);
}

async function obey(
  command: Command,
  { delivery, lane, fence }: InHand,
  settings: DeskSettings,
): Promise<void> {
  const { clock, sender, telemetry } = settings;
  const startedMs = clock.monotonicMs();
  const { type: of, id, traceparent: parent } = command;
  const state = 'state' in command ? { state: command.state } : {};
  const span = telemetry.start('apply', { parent, attributes: { of, id, ...state, lane: lane.id } });
  const result = await orFailed(span, async () => {
    const answer = await resultFor({ ...command, traceparent: span.traceparent }, fence, settings);
    await sender.send(answer);
    await lane.complete(delivery);
    return answer;
  });
  endAnswered(span, result);
  settings.answered(result, { tookMs: clock.monotonicMs() - startedMs, lane: lane.id });
}

/** Only the work can fail the span: what is told of it afterwards changes nothing. */
async function orFailed<T>(span: Span<'apply'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    endFailed(span, thrown);
    throw thrown;
  }
}

function endAnswered(span: Span<'apply'>, { outcome, code }: Result): void {
  const attributes = { outcome, ...(code === undefined ? {} : { code }) };
  span.end({ outcome: outcome === 'rejected' ? 'failed' : 'ok', attributes });
}

/** The traceparent of the command is that of the span it is applied in: its result and its writes belong to that. */
async function resultFor(command: Command, fence: Fence, settings: DeskSettings): Promise<Result> {
  const { answerer, streak, telemetry } = settings;
  if (!fence.admits(command)) return staleResult(command, answerer);
  const workplace = settings.workplace();
  const traced = tracedDirectory(workplace.directory, telemetry, command.traceparent);
  const directory = fencedDirectory(traced, () => fence.beforeWrite());
  const { result } = await applyCommand(command, { ...workplace, directory }, answerer);
  streak.note(result);
  return result;
}
