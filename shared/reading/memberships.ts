import type { CloudGroup } from '../domain/cloud-object.ts';
import { keyOfWritten, type MemberKey } from '../domain/member-key.ts';
import type { ObjectId } from '../domain/object-id.ts';
import { groupScope, type Scope, userScope } from '../domain/scope.ts';
import type { Step } from '../handler.ts';
import type { Outgoing, Row } from '../ports.ts';
import { differenceCommands } from './differences.ts';
import type { MemberAsk } from './merge-rings.ts';
import type { Reading } from './reading.ts';
import { chunksOf, ringForMember } from './rings.ts';
import type { Origin } from './trace.ts';

/** Members whose memberships are read at a time. */
const chunkSize = 20;

/**
 * Completion and departure are one question: of which groups is this object a member? It is asked when an object got its
 * entry (lists sent before had to leave it out) and when it was suspended (the cloud hides the memberships of a soft-deleted
 * object without a word in the delta of its groups).
 *
 *   live, in scope    add it to the groups that list it; remove it from the candidates that do not
 *   anything else     remove it from all candidates
 *
 * A direct read like this may lag, so it is repeated once. Groups that are not live keep their members as they are.
 */
export async function* readMemberships(
  reading: Reading<CloudGroup>,
  asks: readonly MemberAsk[],
): AsyncGenerator<Step> {
  for (const chunk of chunksOf(asks, chunkSize)) {
    reading.signal.throwIfAborted();
    yield await stepOfMembers(reading, chunk);
  }
}

async function stepOfMembers(reading: Reading<CloudGroup>, asks: readonly MemberAsk[]): Promise<Step> {
  const scopes = await scopesOf(reading, asks);
  const edits = new Map<ObjectId, Edit>();
  const messages: Outgoing[] = [];
  for (const ask of asks) {
    const scope = scopes.get(ask.id) ?? 'gone';
    // Synced from AD by now: listed by its SID, which the groups' own lists see to.
    if (scope === 'synced') continue;
    const listed = scope === 'inside' ? await reading.deps.tenant.membershipsOf(ask.kind, ask.id) : [];
    if (listed === 'missing') {
      messages.push(...askLater(reading, ask));
      continue;
    }
    const key = keyOfWritten(ask.kind, ask.id);
    for (const id of listed) editOf(edits, id, ask).add.push(key);
    for (const id of ask.groups) if (!listed.includes(id)) editOf(edits, id, ask).remove.push(key);
    messages.push(...repetition(reading, ask, listed));
  }
  const rows = await reading.deps.state.rows('group', [...edits.keys()]);
  const differences = [...edits.values()].flatMap((edit) => {
    const row = rows.get(edit.id);
    return row?.state === 'present' ? [{ ...edit, row }] : [];
  });
  return { messages: [...differenceCommands(reading, differences, 'ring'), ...messages] };
}

type Edit = { id: ObjectId; origin: Origin; add: MemberKey[]; remove: MemberKey[] };

function editOf(edits: Map<ObjectId, Edit>, id: ObjectId, origin: Origin): Edit {
  const edit = edits.get(id) ?? { id, origin, add: [], remove: [] };
  edits.set(id, edit);
  return edit;
}

/** Where each member stands; `gone` for those that are not live. */
async function scopesOf(
  { deps }: Reading<CloudGroup>,
  asks: readonly MemberAsk[],
): Promise<Map<ObjectId, Scope | 'gone'>> {
  const idsOf = (kind: Row['kind']) => asks.filter((ask) => ask.kind === kind).map(({ id }) => id);
  const [users, groups] = [idsOf('user'), idsOf('group')];
  const scopes = new Map<ObjectId, Scope | 'gone'>();
  if (users.length > 0) {
    for (const [id, looked] of await deps.tenant.lookUsers(users)) {
      scopes.set(id, looked.found === 'live' ? userScope(looked.object) : 'gone');
    }
  }
  if (groups.length > 0) {
    for (const [id, looked] of await deps.tenant.lookGroups(groups)) {
      scopes.set(id, looked.found === 'live' ? groupScope(looked.object) : 'gone');
    }
  }
  return scopes;
}

function repetition({ deps }: Reading<CloudGroup>, ask: MemberAsk, listed: readonly ObjectId[]): Outgoing[] {
  if (ask.attempt > 0) return [];
  const candidates = { ...ask, groups: new Set([...ask.groups, ...listed]) };
  return [ringForMember(deps, candidates, { afterMs: deps.settings.repeatMembersMs, attempt: 1 })];
}

/** Live, but its memberships are not readable yet. */
function askLater({ deps }: Reading<CloudGroup>, ask: MemberAsk): Outgoing[] {
  const afterMs = deps.settings.lookAgainMs[ask.attempt];
  return afterMs === undefined ? [] : [ringForMember(deps, ask, { afterMs, attempt: ask.attempt + 1 })];
}
