import { expect, test } from 'vitest';
import { BenchQueue } from './bench-queue.ts';

test('accepts that wait are served in the order they came', () => {
  const bench = new BenchQueue();
  const waiting = [bench.accept(), bench.accept(), bench.accept()];
  bench.send('a', '1');
  bench.send('b', '2');
  bench.send('a', '3');
  expect(waiting.map((one) => one.lock?.session.id)).toEqual(['a', 'b', undefined]);
});

test('the session with the oldest ready message is next, also among sessions given back', () => {
  const bench = new BenchQueue();
  for (const [session, text] of [
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ] as const) {
    bench.send(session, text);
  }
  const first = bench.accept();
  bench.queue.sessions?.release(first.held);
  expect([first, bench.accept(), bench.accept(), bench.accept()].map((one) => one.lock?.session.id)).toEqual([
    'a',
    'a',
    'b',
    'c',
  ]);
});

test('an accept that waits too long is refused, a withdrawn one is never granted', () => {
  const bench = new BenchQueue();
  const late = bench.accept();
  const withdrawn = bench.accept();
  withdrawn.withdraw();
  bench.clock.advance(500);
  bench.send('a', '1');
  expect(late.refused).toBe('timeout');
  expect([late.lock, withdrawn.lock, withdrawn.refused]).toEqual([undefined, undefined, undefined]);
});

test('a locked session is refused by name and passed over by the next one', () => {
  const bench = new BenchQueue();
  bench.send('a', '1');
  bench.accept('a');
  expect(bench.accept('a').refused).toBe('locked');
  expect(bench.accept().lock).toBeUndefined();
});

test('delivery follows credit, in order', () => {
  const bench = new BenchQueue();
  for (const text of ['1', '2', '3']) bench.send('a', text);
  const receiver = bench.accept('a', 2);
  expect(receiver.consumer.texts).toEqual(['1', '2']);
  receiver.consumer.give(5);
  bench.queue.sessions?.pump(receiver.held);
  bench.send('a', '4');
  expect(receiver.consumer.texts).toEqual(['1', '2', '3', '4']);
});

test('an abandoned message comes before the ones behind it, and is counted', () => {
  const bench = new BenchQueue();
  bench.send('a', '1');
  bench.send('a', '2');
  const receiver = bench.accept('a', 1);
  receiver.consumer.give(1);
  bench.queue.sessions?.settle(receiver.held, receiver.consumer.lastToken, { type: 'abandon', overlay: {} });
  expect(receiver.consumer.texts).toEqual(['1', '1']);
  expect(receiver.consumer.got[1]?.message.deliveryCount).toBe(1);
});

test('lock expiry counts delivered messages only, tells the holder, and frees the session', () => {
  const bench = new BenchQueue();
  for (const text of ['1', '2']) bench.send('a', text);
  const receiver = bench.accept('a', 1);
  bench.clock.advance(1000);
  expect(receiver.lost).toBe(true);
  expect(bench.queue.sessions?.settle(receiver.held, receiver.consumer.lastToken, { type: 'complete' })).toBe(
    'lost',
  );
  const next = bench.accept(undefined, 2);
  expect(next.consumer.got.map(({ message }) => message.deliveryCount)).toEqual([1, 0]);
  expect(next.consumer.texts).toEqual(['1', '2']);
});

test('a renewed lock lasts its duration from the renewal', () => {
  const bench = new BenchQueue();
  const receiver = bench.accept('a');
  bench.clock.advance(900);
  expect(bench.queue.sessions?.renew(receiver.held)).toBe(bench.clock.now() + 1000);
  bench.clock.advance(999);
  expect(receiver.lost).toBe(false);
  bench.clock.advance(1);
  expect(receiver.lost).toBe(true);
  expect(bench.queue.sessions?.renew(receiver.held)).toBeUndefined();
});

test('a released session counts nothing; a vanished holder keeps it until the lock expires', () => {
  const bench = new BenchQueue();
  bench.send('a', '1');
  const closed = bench.accept('a', 1);
  bench.queue.sessions?.release(closed.held);
  const vanished = bench.accept('a', 1);
  expect(vanished.consumer.got[0]?.message.deliveryCount).toBe(0);
  bench.queue.sessions?.abandonHolder(vanished.held);
  const waiting = bench.accept(undefined, 1);
  bench.clock.advance(400);
  expect(waiting.lock).toBeUndefined();
  bench.clock.advance(600);
  expect(bench.accept(undefined, 1).consumer.got[0]?.message.deliveryCount).toBe(1);
});

test('sessions without messages, state and lock are forgotten', () => {
  const bench = new BenchQueue();
  bench.send('a', '1');
  const receiver = bench.accept('a', 1);
  bench.queue.sessions?.settle(receiver.held, receiver.consumer.lastToken, { type: 'complete' });
  bench.queue.setSessionState('b', Buffer.from('state'));
  bench.queue.sessions?.release(receiver.held);
  expect(bench.queue.counts()).toMatchObject({ active: 0, sessions: 1 });
});
