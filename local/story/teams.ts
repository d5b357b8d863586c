import type { Person } from '../company/people.ts';
import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

/** The groups that the story founds, by id. */
export type Founded = { tigers: string; lions: string; room: string; archive: string; fleeting: string };

/** Five groups are founded: security and Microsoft 365. */
export async function found(stage: Stage, round: number): Promise<Founded> {
  const number = round === 0 ? '' : ` ${round}`;
  return {
    tigers: await foundGroup(stage, `Task force Tiger${number}`, true),
    lions: await foundGroup(stage, `Task force Löwe${number}`, true),
    room: await foundGroup(stage, `Jubilee / 創立記念${number}`, false),
    archive: await foundGroup(stage, `Archive #2026${number}`, false),
    fleeting: await foundGroup(stage, `Fleeting idea${number}`, true),
  };
}

function foundGroup(stage: Stage, displayName: string, securityEnabled: boolean): Promise<string> {
  return stage.create(`group ${displayName} is founded`, '/groups', {
    displayName,
    description: `Founded in the story: ${displayName}`,
    mailEnabled: !securityEnabled,
    mailNickname: `story-${stage.chance.guid().slice(0, 8)}`,
    securityEnabled,
    groupTypes: securityEnabled ? [] : ['Unified'],
  });
}

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

/** Groups in groups, and a circle: Tiger in Löwe in Tiger. */
export async function nest(stage: Stage, cast: Cast, { tigers, lions, room }: Founded): Promise<void> {
  const inside = (what: string, group: string, member: string) =>
    stage.addMembers(what, group, { ids: [member], entering: 1 });
  await inside('Tiger becomes part of Löwe', lions, tigers);
  await inside('Löwe becomes part of Tiger: a circle', tigers, lions);
  for (const department of cast.departments.slice(0, 2))
    await inside(`${department.displayName} becomes part of Jubilee`, room, department.id);
}

/** People leave groups, one by one and in a burst. */
export async function shrink(stage: Stage, cast: Cast, { tigers, lions, room }: Founded): Promise<void> {
  for (const person of cast.members.slice(0, 3))
    await stage.removeMember(`${person.displayName} leaves Tiger`, tigers, person.id);
  const [synced] = cast.synced;
  if (synced !== undefined) await stage.removeMember(`${synced.displayName} leaves Löwe`, lions, synced.id);
  await stage.burst(async () => {
    for (const person of cast.members.slice(6, 12))
      await stage.removeMember(`${person.displayName} leaves Jubilee`, room, person.id);
  });
}

/** Groups get other names and lose their description. */
export async function relabel(stage: Stage, cast: Cast, round: number): Promise<void> {
  for (const { id, displayName } of cast.projects.slice(0, 2)) {
    const body = { displayName: `${displayName} (phase ${round + 2})` };
    await stage.patch(`group ${displayName} enters its next phase`, `/groups/${id}`, {
      body,
      attribute: 'displayName',
    });
  }
  for (const { id, displayName } of cast.projects.slice(2, 4)) {
    const body = { description: round % 2 === 0 ? null : 'Project room' };
    await stage.patch(`group ${displayName} has another description`, `/groups/${id}`, {
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
