import { z } from 'zod';
import type { Kind, ObjectId } from '../../domain/object-id.ts';
import type { BatchPart, GraphBatch } from './batch.ts';
import { groupsAmong, memberOfPath } from './members.ts';
import { type Lists, readPages, restOfPages } from './pages.ts';
import { idOf, typeOf } from './parse-member.ts';
import { idSchema, parse } from './parse-object.ts';
import { unexpectedStatus } from './unexpected-status.ts';

/*
 * Questions that scope by groups asks. Chosen with care: none of them is an "advanced" directory query ($count, $filter on
 * members), because the index behind those lags, and a user that left a group would go on being in scope.
 *
 *   nested, some objects   POST …/checkMemberGroups: Graph follows the nesting, 20 groups a question, one unit each
 *   direct, some objects   …/memberOf: exact for whatever number of chosen groups, nearly always one page
 *   everyone               transitiveMembers or members of each group, 999 a page
 *
 * A group is never said to be in itself, whatever cycle leads there.
 */

const groupsPerQuestion = 20;
const listsAtOnce = 4;

type Subject = { kind: Kind; id: ObjectId };
type Chosen = { groups: readonly ObjectId[]; nested: boolean };

const checkedSchema = z.object({ value: z.array(idSchema) });

/** Which of these objects are members of at least one of these groups; what is not live is in none. */
export async function within(
  reading: { batch: GraphBatch; lists: Lists },
  objects: readonly Subject[],
  of: Chosen,
): Promise<Set<ObjectId>> {
  if (of.groups.length === 0 || objects.length === 0) return new Set();
  return of.nested
    ? await nestedWithin(reading.batch, objects, of.groups)
    : await directlyWithin(reading, objects, of.groups);
}

async function nestedWithin(
  batch: GraphBatch,
  objects: readonly Subject[],
  groups: readonly ObjectId[],
): Promise<Set<ObjectId>> {
  const questions = new Map<string, BatchPart>();
  const subjects = new Map<string, ObjectId>();
  for (const { kind, id } of objects) {
    const others = groups.filter((group) => group !== id);
    for (let at = 0; at < others.length; at += groupsPerQuestion) {
      const body = { groupIds: others.slice(at, at + groupsPerQuestion) };
      questions.set(`${id} ${at}`, { method: 'POST', path: `/${kind}s/${id}/checkMemberGroups`, body });
      subjects.set(`${id} ${at}`, id);
    }
  }
  const inside = new Set<ObjectId>();
  for (const [key, { status, body }] of await batch(questions)) {
    if (status === 404) continue;
    if (status !== 200) throw unexpectedStatus(status, body);
    const id = subjects.get(key);
    const { value } = parse(checkedSchema, body, 'checkMemberGroups');
    if (id !== undefined && value.length > 0) inside.add(id);
  }
  return inside;
}

async function directlyWithin(
  { batch, lists }: { batch: GraphBatch; lists: Lists },
  objects: readonly Subject[],
  groups: readonly ObjectId[],
): Promise<Set<ObjectId>> {
  const inside = new Set<ObjectId>();
  const answers = await batch(new Map(objects.map((object) => [object.id, memberOfPath(object)])));
  for (const [id, answer] of answers) {
    const containers = await restOfPages(lists, answer);
    if (containers === 'missing') continue;
    const chosen = groupsAmong(containers).filter((group) => group !== id && groups.includes(group));
    if (chosen.length > 0) inside.add(id);
  }
  return inside;
}

/** All users and groups in these groups, by type; a group that is not live has none. */
export async function everyoneWithin(
  lists: Lists,
  of: Chosen,
): Promise<{ users: Set<ObjectId>; groups: Set<ObjectId> }> {
  const users = new Set<ObjectId>();
  const groups = new Set<ObjectId>();
  const relation = of.nested ? 'transitiveMembers' : 'members';
  const chosen = [...new Set(of.groups)];
  for (let at = 0; at < chosen.length; at += listsAtOnce) {
    const read = chosen.slice(at, at + listsAtOnce).map(async (group) => ({
      group,
      members: await readPages(lists, `/groups/${group}/${relation}?$select=id&$top=999`),
    }));
    for (const { group, members } of await Promise.all(read)) {
      for (const member of members === 'missing' ? [] : members) {
        const id = idOf(member);
        if (typeOf(member) === 'user') users.add(id);
        else if (typeOf(member) === 'group' && id !== group) groups.add(id);
      }
    }
  }
  return { users, groups };
}
