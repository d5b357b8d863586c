import type { Person } from '../company/people.ts';
import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

/** The groups that the story founds, by id. */
export type Founded = {
  tigers: string;
  lions: string;
  bears: string;
  room: string;
  archive: string;
  fleeting: string;
};

/** Six groups are founded: security and Microsoft 365. */
export async function found(stage: Stage): Promise<Founded> {
  return {
    tigers: await stage.found('Task force Tiger'),
    lions: await stage.found('Task force Löwe'),
    bears: await stage.found('Task force 熊'),
    room: await stage.found('Jubilee / 創立記念', unified),
    archive: await stage.found('Archive #2026', unified),
    fleeting: await stage.found('Fleeting idea'),
  };
}

const unified = { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] };

/** Growth one by one and in bulk, and members of every kind. */
export async function grow(stage: Stage, cast: Cast, { tigers, room, lions }: Founded): Promise<void> {
  for (const person of cast.members.slice(0, 6)) await add(stage, tigers, person);
  await stage.addMembers('20 people join Jubilee in one request', room, many(cast.members.slice(6, 26)));
  await stage.addMembers('20 more join Jubilee', room, many(cast.members.slice(26, 46)));
  const [syncedOne, syncedTwo] = cast.synced;
  const [guest] = cast.guests;
  if (syncedOne === undefined || syncedTwo === undefined || guest === undefined) return;
  await add(stage, lions, syncedOne);
  await add(stage, lions, syncedTwo);
  const leftOut = { ids: [guest.id], entering: 0 };
  await stage.addMembers(`guest ${guest.displayName} joins Jubilee and stays out of AD`, room, leftOut);
}

/** A group of thousands: a change costs what it changes, not what is there. */
export async function growLargest(stage: Stage, { largest, members }: Cast): Promise<void> {
  const known = new Set(largest.members);
  const outside = members.filter((person) => !known.has(person.id));
  await stage.addMembers('20 people go into the field', largest.id, many(outside.slice(0, 20)));
  for (const person of outside.slice(20, 23)) await add(stage, largest.id, person);
  for (const id of largest.members.slice(0, 3))
    await stage.removeMember('somebody leaves the field', largest.id, id);
}

/** Groups in groups, and two circles: Tiger in Löwe in Tiger, and Tiger in Löwe in 熊 in Tiger. */
export async function nest(stage: Stage, cast: Cast, founded: Founded): Promise<void> {
  const { tigers, lions, bears, room } = founded;
  const inside = (what: string, group: string, member: string) =>
    stage.addMembers(what, group, { ids: [member], entering: 1 });
  await inside('Tiger becomes part of Löwe', lions, tigers);
  await inside('Löwe becomes part of Tiger: a circle', tigers, lions);
  await inside('Löwe becomes part of 熊', bears, lions);
  await inside('熊 becomes part of Tiger: a larger circle', tigers, bears);
  for (const department of cast.departments.slice(0, 2))
    await inside(`${department.displayName} becomes part of Jubilee`, room, department.id);
}

/** People leave groups, one by one and in a burst; a circle is broken. */
export async function shrink(stage: Stage, cast: Cast, founded: Founded): Promise<void> {
  const { tigers, lions, bears, room } = founded;
  for (const person of cast.members.slice(0, 3))
    await stage.removeMember(`${person.displayName} leaves Tiger`, tigers, person.id);
  const [synced] = cast.synced;
  if (synced !== undefined) await stage.removeMember(`${synced.displayName} leaves Löwe`, lions, synced.id);
  await stage.burst(async () => {
    for (const person of cast.members.slice(6, 12))
      await stage.removeMember(`${person.displayName} leaves Jubilee`, room, person.id);
  });
  await stage.removeMember('熊 is no part of Tiger any more', tigers, bears);
}

/** Groups get other names and lose their description. */
export async function relabel(stage: Stage, cast: Cast): Promise<void> {
  for (const { id, displayName } of cast.projects.slice(0, 2)) {
    const body = { displayName: `${displayName} (phase 2)` };
    await stage.patch(`group ${displayName} enters its next phase`, `/groups/${id}`, {
      body,
      attribute: 'displayName',
    });
  }
  for (const { id, displayName } of cast.projects.slice(2, 4)) {
    const body = { description: null };
    await stage.patch(`group ${displayName} has no description any more`, `/groups/${id}`, {
      body,
      attribute: 'description',
    });
  }
}

/** A security group is deleted: its rights stop at once. A Microsoft 365 group stays as it is, so AD sees nothing. */
export async function dissolve(stage: Stage, { tigers, archive, fleeting }: Founded): Promise<void> {
  const remove = (what: string, id: string, isSecurity: boolean) =>
    stage.write({
      what,
      target: id,
      effect: isSecurity ? { type: 'attribute', id, name: 'groupType' } : { type: 'nothing' },
      method: 'DELETE',
      path: `/groups/${id}`,
    });
  await remove('group Tiger is deleted', tigers, true);
  await remove('group Fleeting idea is deleted', fleeting, true);
  await remove('group Archive is deleted', archive, false);
}

export async function reviveTigers(stage: Stage, { tigers }: Founded): Promise<void> {
  await stage.write({
    what: 'group Tiger is restored',
    target: tigers,
    effect: { type: 'attribute', id: tigers, name: 'groupType' },
    method: 'POST',
    path: `/directory/deletedItems/${tigers}/restore`,
  });
}

const add = (stage: Stage, group: string, person: Person) =>
  stage.addMembers(`${person.displayName} joins a group`, group, { ids: [person.id], entering: 1 });

const many = (people: readonly Person[]) => ({
  ids: people.map((person) => person.id),
  entering: people.length,
});
