import { expect, test } from 'vitest';
import { commandSchema } from '../../../shared/contracts/command.ts';
import { createDeadLetterHandler } from '../../../shared/recording/record-dead-letters.ts';
import { fakeState } from '../../fakes/state.ts';
import { settings } from '../flow/flow.ts';
import { ann, clock, order, recordOn, resultOf } from './recorder-parts.ts';

const asked = 'account disable, place leavers, names keep';

test('[parking.log] the log has which suspension was asked for', async () => {
  const state = fakeState();
  await recordOn(state, [resultOf({ state: 'suspended', outcome: 'suspended', asked })]);
  expect(state.log).toMatchObject([{ outcome: 'suspended', asked }]);
});

test('[parking.log] also of a suspension that was dead-lettered', async () => {
  const state = fakeState();
  const handler = createDeadLetterHandler({ state, clock, settings, tell: () => undefined });
  const dead = commandSchema.parse({
    ...{ v: 1, type: 'user', id: ann, order: order(1), cause: 'ring', state: 'suspended' },
    ...{ account: 'disable', place: 'leavers' },
    ...{ times: { ring: 1, command: 2 }, traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` },
  });
  for await (const step of handler([dead], new AbortController().signal)) await step.commit?.();
  expect(state.log).toMatchObject([{ code: 'dead-lettered', asked }]);
});
