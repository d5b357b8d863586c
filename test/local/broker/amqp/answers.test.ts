import { expect, test } from 'vitest';
import { Answers } from '../../../../local/broker/amqp/answers.ts';
import { type RheaSession, rhea } from '../../../../local/broker/amqp/rhea.ts';

type Written = { first: number; last: number; role: boolean; settled: boolean };

function session(isOpen = true): { written: Written[]; session: RheaSession } {
  const written: Written[] = [];
  const fake = { output: (frame: Written) => written.push(frame), is_remote_open: () => isOpen };
  return { written, session: fake as unknown as RheaSession };
}

const accepted = () => ({ state: rhea.message.accepted().described(), plain: true });
const rejected = () => ({
  state: rhea.message.rejected({ error: { condition: 'c', description: 'd' } }).described(),
  plain: false,
});

test('neighbours that are accepted share a frame; a refusal never hides in one', () => {
  const { session: one, written } = session();
  const answers = new Answers();
  for (const id of [1, 2]) answers.add({ session: one, weSend: false, id, ...accepted() });
  answers.add({ session: one, weSend: false, id: 3, ...rejected() });
  for (const id of [4, 6]) answers.add({ session: one, weSend: false, id, ...accepted() });
  answers.write();
  expect(written.map(({ first, last, role, settled }) => [first, last, role, settled])).toEqual([
    [1, 2, true, true],
    [3, 3, true, true],
    [4, 4, true, true],
    [6, 6, true, true],
  ]);
});

test('what two sessions or two directions say is not mixed, and an ended session is left alone', () => {
  const [one, other, ended] = [session(), session(), session(false)];
  const answers = new Answers();
  answers.add({ session: one.session, weSend: true, id: 1, ...accepted() });
  answers.add({ session: other.session, weSend: true, id: 2, ...accepted() });
  answers.add({ session: ended.session, weSend: true, id: 3, ...accepted() });
  answers.add({ session: one.session, weSend: false, id: 4, ...accepted() });
  answers.write();
  answers.write();
  expect(one.written.map(({ first, role }) => [first, role])).toEqual([
    [1, false],
    [4, true],
  ]);
  expect([other.written.length, ended.written.length]).toEqual([1, 0]);
});
