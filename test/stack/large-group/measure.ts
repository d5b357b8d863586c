import type { Command } from '../../../shared/contracts/command.ts';
import type { Result } from '../../../shared/contracts/result.ts';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import { slicesOf } from '../../../shared/domain/slices.ts';
import { difference, groupPresent, slice, userKey } from '../../relay/build-command.ts';
import { personNamed, type Stand } from './stand.ts';

/** How long something took, and what was sent for it. */
export type Figure = {
  what: string;
  seconds: number;
  added: number;
  removed: number;
  messages: number;
  kilobytes: number;
  /** Of the largest message. */
  largest: number;
};

/** Everything about one group of one size. */
export type Figures = { members: number; figures: Figure[]; peakMiB: number };

type Say = (line: string) => void;

/** Of so many people one leaves and one joins. */
const churn = 100;

/**
 * Fills a group of this size from empty, sends the same list again, exchanges 1 % by a difference, and 1 % by a list; after each
 * the members in AD must be who they should be. The people must be there already, 1 % more than members.
 */
export async function measureGroup(stand: Stand, members: number, say: Say): Promise<Figures> {
  const group = `Group of ${members}`;
  const exchanged = members / churn;
  const first = people(0, members);
  const second = people(exchanged, members + exchanged);
  const figures: Figure[] = [];
  const step = async (
    what: string,
    commands: readonly Command[],
    expected: readonly string[],
  ): Promise<void> => {
    say(`${members}: ${what} …`);
    const figure = await measured(stand, what, commands);
    await compare(stand, group, expected);
    say(
      `${members}: ${what}: ${figure.seconds.toFixed(1)} s, ${figure.added} added, ${figure.removed} removed`,
    );
    figures.push(figure);
  };
  await stand.ask([groupPresent(group)]);
  await step('from empty, by a list', listOf(group, first), first);
  await step('nothing changed, by a list', listOf(group, first), first);
  const edit = { add: second.slice(-exchanged).map(userKey), remove: first.slice(0, exchanged).map(userKey) };
  await step('1 % exchanged, by differences', differencesOf(group, edit), second);
  await step('1 % exchanged back, by a list', listOf(group, first), first);
  return { members, figures, peakMiB: stand.peakMemory() };
}

const people = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => personNamed(from + n));

function listOf(group: string, names: readonly string[]): Command[] {
  return slicesOf(names.map(userKey)).map((part) => slice(group, part.members, part));
}

/** As the reader cuts them: 2,000 members in a message at most. */
function differencesOf(group: string, edit: { add: MemberKey[]; remove: MemberKey[] }): Command[] {
  const commands: Command[] = [];
  for (let at = 0; at < Math.max(edit.add.length, edit.remove.length); at += 1_000)
    commands.push(
      difference(group, { add: edit.add.slice(at, at + 1_000), remove: edit.remove.slice(at, at + 1_000) }),
    );
  return commands;
}

async function measured(stand: Stand, what: string, commands: readonly Command[]): Promise<Figure> {
  const sizes = commands.map((command) => Buffer.byteLength(JSON.stringify(command)) / 1_024);
  const startedAt = performance.now();
  const results = await stand.ask(commands);
  const seconds = (performance.now() - startedAt) / 1_000;
  const sum = (count: (result: Result) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const failed = results.find(
    ({ outcome, missing, omitted }) => outcome === 'rejected' || missing.length + omitted.length > 0,
  );
  if (failed !== undefined)
    throw new Error(`${what}: ${failed.outcome} ${failed.code ?? 'members were left out'}`);
  return {
    what,
    seconds,
    added: sum(({ added }) => added),
    removed: sum(({ removed }) => removed),
    messages: commands.length,
    kilobytes: Math.round(sizes.reduce((total, size) => total + size, 0)),
    largest: Math.round(Math.max(...sizes)),
  };
}

async function compare(stand: Stand, group: string, expected: readonly string[]): Promise<void> {
  const found = await stand.peopleIn(group);
  const wanted = expected.toSorted();
  const isSame = found.length === wanted.length && found.every((name, at) => name === wanted[at]);
  if (!isSame)
    throw new Error(`AD has ${found.length} members, not the ${wanted.length} that were asked for`);
}
