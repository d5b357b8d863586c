import { type Result, resultSchema } from '../../../shared/contracts/result.ts';
import type { Outgoing, Row, State } from '../../../shared/ports.ts';
import { createRecorder } from '../../../shared/recording/record-results.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { settings } from '../flow/flow.ts';

export const [ann, bob] = [idOf('user', 1), idOf('user', 2)];
export const [staff, team] = [idOf('group', 1), idOf('group', 2)];
export const guid = '11111111-2222-4333-8444-555555555555';
export const order = (sequence: number) => ({ epoch: 5, sequence });
export const clock = fakeClock();

/** A result about Ann: created, by the first command, unless told otherwise. */
export function resultOf(part: Partial<Result>): Result {
  return resultSchema.parse({
    ...{ v: 1, type: 'result', of: 'user', id: ann, order: order(1), cause: 'ring', state: 'present' },
    ...{ outcome: 'created', relay: 'test', traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` },
    times: { event: 1, ring: 2, command: clock.now(), commit: clock.now() + 5 },
    ...part,
  });
}

/** Records results and answers what was sent. */
export async function recordOn(state: State, results: readonly Result[]): Promise<Outgoing[]> {
  const sent: Outgoing[] = [];
  const recorder = createRecorder({ state, clock, settings, tell: () => undefined });
  for await (const step of recorder(results, new AbortController().signal)) {
    sent.push(...step.messages);
    await step.commit?.();
  }
  return sent;
}

/** What the reader wrote to Ann's row when it had sent a command. */
export const commitOn = (state: State, sequence: number, more: Partial<Row> = {}): Promise<void> =>
  state.mergeRows([{ kind: 'user', id: ann, state: 'present', hash: 'h', order: order(sequence), ...more }]);

/** The object has its entry: groups may list it, and users may have it as their manager. */
export const completions = [
  'groups completion memberships',
  'users completion reports',
  'users completion reports',
];

/** What was rung, in short. */
export const rungs = (sent: readonly Outgoing[]): string[] =>
  sent.map((one) =>
    'want' in one.message ? `${one.to} ${one.message.cause} ${one.message.want.type}` : one.to,
  );
