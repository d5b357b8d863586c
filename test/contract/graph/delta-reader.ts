import { asApp, deltaMembers } from './awkward-world.ts';
import { type Answer, deltaLinkIn, type Item, type World } from './world.ts';

/** Asks again while throttled or unavailable. */
export async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 429 && answer.status !== 503) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20)); // the simulator does not insist on its second
  }
}

/** A client of delta queries: applies items in the order of arrival, begins anew after 410. */
export function createReader(world: World) {
  const rounds = {
    users: { link: '', start: '/users/delta?$select=displayName', items: new Map<string, Set<string>>() },
    groups: {
      link: '',
      start: '/groups/delta?$select=displayName,members',
      items: new Map<string, Set<string>>(),
    },
  };
  const readKind = async (kind: 'users' | 'groups'): Promise<void> => {
    const state = rounds[kind];
    for (let next = state.link || state.start; ; ) {
      const answer = await patiently(() => asApp(world, next));
      if (answer.status === 410 || next === state.start) state.items.clear();
      if (answer.status === 410) next = state.start;
      else {
        for (const item of answer.body.value) applyItem(state.items, item);
        const more = answer.body['@odata.nextLink'] as string | undefined;
        if (more === undefined) {
          state.link = deltaLinkIn(answer.body);
          return;
        }
        next = more;
      }
    }
  };
  return {
    read: async () => {
      await readKind('users');
      await readKind('groups');
    },
    members: () => {
      const { users: known, groups } = { users: rounds.users.items, groups: rounds.groups.items };
      const sorted = (members: ReadonlySet<string>): string[] =>
        [...members].filter((one) => known.has(one)).toSorted();
      return Object.fromEntries([...groups].map(([id, members]) => [id, sorted(members)]));
    },
  };
}

function applyItem(items: Map<string, Set<string>>, item: Item): void {
  if (item['@removed'] !== undefined) {
    items.delete(item.id);
    return;
  }
  const members = items.get(item.id) ?? new Set<string>();
  items.set(item.id, members);
  for (const entry of deltaMembers(item)) {
    if (entry['@removed'] === undefined) members.add(entry.id);
    else members.delete(entry.id);
  }
}

/** The same as the administrator reads it. */
export async function membersInTruth(world: World): Promise<Record<string, string[]>> {
  const { body } = await world.call('GET', '/groups?$select=id&$top=999');
  const lists = await Promise.all(
    body.value.map(async ({ id }) => {
      const answer = await world.call('GET', `/groups/${id}/members?$select=id&$top=999`);
      return [id, answer.body.value.map((member) => member.id).toSorted()] as const;
    }),
  );
  return Object.fromEntries(lists);
}
