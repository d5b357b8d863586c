import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Backlog } from '../../../../local/broker/engine/backlog.ts';
import type { StoredMessage } from '../../../../local/broker/engine/message.ts';

const message = (sequence: number): StoredMessage => ({
  sequence,
  enqueueSequence: sequence,
  messageId: undefined,
  sessionId: undefined,
  enqueuedAt: 0,
  expiresAt: Number.POSITIVE_INFINITY,
  payload: Buffer.alloc(0),
  deliveryCount: 0,
  overlay: {},
});

test('whatever is taken, put back and removed, the oldest comes first and nothing is lost or doubled', () => {
  const step = fc.constantFrom('push', 'shift', 'putBack', 'remove');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const backlog = new Backlog();
      const inside: StoredMessage[] = [];
      const outside: StoredMessage[] = [];
      let next = 1;
      for (const one of steps) {
        if (one === 'push') {
          const pushed = message(next);
          next += 1;
          backlog.push(pushed);
          inside.push(pushed);
        } else if (one === 'shift') {
          const taken = backlog.shift();
          expect(taken).toBe(inside.shift());
          if (taken !== undefined) outside.push(taken);
        } else if (one === 'putBack') {
          const back = outside.pop();
          if (back === undefined) continue;
          backlog.putBack(back);
          inside.push(back);
          inside.sort((a, b) => a.sequence - b.sequence);
        } else {
          const victim = inside.splice(Math.floor(inside.length / 2), 1)[0];
          if (victim === undefined) continue;
          expect(backlog.remove(victim)).toBe(true);
          expect(backlog.remove(victim)).toBe(false);
        }
        expect(backlog.size).toBe(inside.length);
        expect(backlog.oldest()).toBe(inside[0]);
      }
    }),
  );
});
