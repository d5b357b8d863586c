import type { CloudGroup } from '../domain/cloud-object.ts';
import type { Step } from '../handler.ts';
import { type Judged, lookInChunks, type Outcome, outcomeOf, stepOf } from './look.ts';
import { type ListWish, needsList, sendLists } from './members/group-lists.ts';
import type { Asked } from './merge-rings.ts';
import type { Reading } from './reading.ts';

/** Looks at rung groups and sends states, then lists where they are due; answers what was found. */
export async function* lookAtGroups(
  reading: Reading<CloudGroup>,
  asked: Asked,
): AsyncGenerator<Step, Judged<CloudGroup>[]> {
  const found: Judged<CloudGroup>[] = [];
  for await (const chunk of lookInChunks(reading, asked.looks)) {
    if ('rest' in chunk) {
      yield { messages: chunk.rest };
      break;
    }
    found.push(...chunk.judged);
    const listed = chunk.judged.filter((one) => needsList(one, reading));
    const outcome = outcomeOf(reading, chunk.judged, { cause: 'ring' });
    const wishes = holdBack(outcome, listed);
    yield stepOf(reading, outcome);
    yield* sendLists(reading, wishes, 'ring');
  }
  return found;
}

/** Takes the rows of groups that get a list out of the outcome: they are merged together with their list. */
export function holdBack(outcome: Outcome, listed: readonly Judged<CloudGroup>[]): ListWish[] {
  return listed.map(({ ask, looked, row }) => {
    const patch = outcome.patches.get(ask.id) ?? {};
    outcome.patches.delete(ask.id);
    return { ask, looked, row, patch };
  });
}
