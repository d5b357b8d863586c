import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BenchConsumer, BenchQueue } from './bench-queue.ts';

test('a duplicate is dropped within the window and accepted after it', () => {
  const bench = new BenchQueue({ duplicateWindowMs: 10_000 });
  bench.send('a', '1', { messageId: 'm' });
  bench.clock.advance(9_999);
  bench.send('a', '2', { messageId: 'm' });
  expect(bench.queue.counts().active).toBe(1);
  bench.clock.advance(1);
  bench.send('a', '3', { messageId: 'm' });
  expect(bench.accept('a', 9).consumer.texts).toEqual(['1', '3']);
});

test('without a window the same id may come any number of times', () => {
  const bench = new BenchQueue();
  bench.send('a', '1', { messageId: 'm' });
  bench.send('a', '2', { messageId: 'm' });
  expect(bench.queue.counts().active).toBe(2);
});

test('a message expires in the backlog; under lock it stays, and leaves when it comes back', () => {
  const bench = new BenchQueue({ lockMs: 5000 });
  bench.send('a', '1', { timeToLiveMs: 100 });
  bench.send('a', '2', { timeToLiveMs: 100 });
  const receiver = bench.accept('a', 1);
  bench.clock.advance(100);
  expect(bench.queue.counts()).toMatchObject({ active: 1, deadLettered: 1 });
  bench.queue.sessions?.release(receiver.held);
  expect(bench.queue.counts()).toMatchObject({ active: 0, deadLettered: 2 });
  const graveyard = new BenchConsumer(5);
  bench.queue.deadLetters.join(graveyard);
  bench.queue.deadLetters.pump();
  expect(graveyard.got.map(({ message }) => message.overlay['DeadLetterReason'])).toEqual([
    'TTLExpiredException',
    'TTLExpiredException',
  ]);
});

test('scheduled messages get a new number when due, in order of time, then of sending', () => {
  const bench = new BenchQueue();
  const now = bench.clock.now();
  bench.send('a', 'late', { dueAt: now + 200 });
  bench.send('a', 'early 1', { dueAt: now + 100 });
  bench.send('a', 'early 2', { dueAt: now + 100 });
  bench.send('a', 'now');
  expect(bench.queue.counts()).toMatchObject({ active: 1, scheduled: 3 });
  bench.clock.advance(200);
  const { consumer } = bench.accept('a', 9);
  expect(consumer.texts).toEqual(['now', 'early 1', 'early 2', 'late']);
  expect(consumer.got.map(({ message }) => [message.sequence, message.enqueueSequence])).toEqual([
    [4, 4],
    [5, 2],
    [6, 3],
    [7, 1],
  ]);
});

test('a dead-lettered message stays readable however often it is abandoned', () => {
  const bench = new BenchQueue({ requiresSession: false, maxDeliveryCount: 1 });
  bench.send(undefined, '1');
  const consumer = new BenchConsumer(1);
  bench.queue.plain?.join(consumer);
  bench.queue.plain?.pump();
  bench.queue.plain?.settle(consumer.lastToken, { type: 'abandon', overlay: {} });
  const graveyard = new BenchConsumer(3);
  bench.queue.deadLetters.join(graveyard);
  bench.queue.deadLetters.pump();
  bench.queue.deadLetters.settle(graveyard.lastToken, { type: 'abandon', overlay: {} });
  bench.queue.deadLetters.settle(graveyard.lastToken, { type: 'abandon', overlay: {} });
  expect(graveyard.texts).toEqual(['1', '1', '1']);
  expect(bench.queue.counts().deadLettered).toBe(1);
});

test('a message lock of its own expires alone', () => {
  const bench = new BenchQueue({ requiresSession: false });
  bench.send(undefined, '1');
  bench.send(undefined, '2');
  const consumer = new BenchConsumer(2);
  bench.queue.plain?.join(consumer);
  bench.queue.plain?.pump();
  const [first, second] = consumer.got.map(({ lock }) => lock.token);
  bench.clock.advance(500);
  bench.queue.plain?.renew(second ?? '');
  bench.clock.advance(500);
  consumer.give(1);
  bench.queue.plain?.pump();
  expect(consumer.texts).toEqual(['1', '2', '1']);
  expect(bench.queue.plain?.settle(first ?? '', { type: 'complete' })).toBe('lost');
  expect(bench.queue.plain?.settle(second ?? '', { type: 'complete' })).toBe('done');
});

type Step = { act: 'send' | 'schedule' | 'take' | 'state' | 'wait'; session: string; verdict: string };

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('send', 'schedule', 'take', 'state', 'wait'),
  session: fc.constantFrom('a', 'b', 'c'),
  verdict: fc.constantFrom('complete', 'abandon', 'dead-letter'),
});

function play(bench: BenchQueue, { act, session, verdict }: Step, index: number): void {
  if (act === 'send') bench.send(session, `${index}`, { messageId: `${index % 5}` });
  if (act === 'schedule') bench.send(session, `${index}`, { dueAt: bench.clock.now() + 1500 });
  if (act === 'state')
    bench.queue.setSessionState(session, index % 3 === 0 ? undefined : Buffer.from(`${index}`));
  if (act === 'wait') bench.clock.advance(700);
  if (act !== 'take') return;
  const receiver = bench.accept(session, 1);
  if (receiver.lock === undefined) return;
  const outcome = { type: verdict, overlay: { n: index } } as never;
  if (receiver.consumer.got.length > 0)
    bench.queue.sessions?.settle(receiver.held, receiver.consumer.lastToken, outcome);
  bench.queue.sessions?.release(receiver.held);
}

/** All that must survive, as plain data. */
function world(bench: BenchQueue): unknown {
  const { locked: _, sessions: __, ...counts } = bench.queue.counts();
  const states = ['a', 'b', 'c'].map((id) => bench.queue.sessions?.stateOf(id)?.toString());
  const messages = [...bench.queue.browse('active'), ...bench.queue.browse('dead')].map(
    ({ expiry: ___, ...kept }) => kept,
  );
  return { counts, states, messages };
}

test('after a crash at any point, from the ledger or from a snapshot of it, the queue is what it was', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const bench = new BenchQueue({ duplicateWindowMs: 2000 });
      for (const [index, one] of steps.entries()) play(bench, one, index);
      const before = world(bench);
      bench.crash();
      expect(world(bench)).toEqual(before);
      const snapshot = [...bench.broker.snapshot()];
      bench.ledger.length = 0;
      bench.ledger.push(...snapshot.map(({ entry, payload }) => ({ entry, payload })));
      bench.crash();
      expect(world(bench)).toEqual(before);
    }),
  );
});
