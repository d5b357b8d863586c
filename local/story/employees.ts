import { departments, offices } from '../company/organisation.ts';
import type { Person } from '../company/people.ts';
import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

/** People move: another department, office and title. */
export async function move(stage: Stage, { movers }: Cast): Promise<void> {
  for (const person of movers) {
    const department = stage.chance.pick(departments.filter(({ name }) => name !== person.department));
    const office = stage.chance.pick(offices.filter(({ name }) => name !== person.officeLocation));
    const { name: officeLocation, dialling: _, countries, ...address } = office;
    const body = { department: department.name, officeLocation, ...address, country: countries[0] };
    const what = `${person.displayName} moves to ${department.name}, ${officeLocation}`;
    await stage.patch(what, `/users/${person.id}`, { body, attribute: 'department' });
  }
}

/** People get other names; three of them other sign-in names too. */
export async function rename(stage: Stage, { renamed, remarried }: Cast): Promise<void> {
  for (const person of renamed) {
    const displayName = `${person.displayName} Ōe-Łoś`;
    const what = `${person.displayName} is now called ${displayName}`;
    await stage.patch(what, `/users/${person.id}`, { body: { displayName }, attribute: 'displayName' });
  }
  for (const person of remarried) {
    const [alias = '', domain = ''] = person.userPrincipalName.split('@');
    await stage.nameUser(person, `${alias}.neu@${domain}`);
  }
}

/** Accounts are disabled, and others enabled again. */
export async function suspend(stage: Stage, { suspended, returning }: Cast): Promise<void> {
  for (const person of suspended) await stage.enable(person, false);
  for (const person of returning) await stage.enable(person, true);
}

/** Values are cleared: in AD the attribute must go, not stay as it was. */
export async function clear(stage: Stage, { forgetful }: Cast): Promise<void> {
  for (const person of forgetful) {
    const body = { jobTitle: null, mobilePhone: null, businessPhones: [], streetAddress: null };
    const what = `${person.displayName} has no title, phones and street any more`;
    await stage.patch(what, `/users/${person.id}`, { body, attribute: 'title' });
  }
}

/** A change of somebody who is not written, a guest or somebody whose master is AD, must reach nobody. */
export async function changeOutsiders(stage: Stage, { guests, synced }: Cast): Promise<void> {
  const change = (id: string, what: string, body: object) =>
    stage.write({
      what,
      target: id,
      effect: { type: 'nothing' },
      method: 'PATCH',
      path: `/users/${id}`,
      body,
    });
  for (const { id, displayName } of guests.slice(0, 2))
    await change(id, `guest ${displayName} changes company`, { companyName: 'Partner S.A.' });
  for (const { id, displayName } of synced.slice(2, 4))
    await change(id, `synced ${displayName} gets another title`, { jobTitle: 'Guardian' });
}

/** People are deleted: their accounts are disabled and stay. */
export async function leave(stage: Stage, people: readonly Person[]): Promise<void> {
  for (const { id, displayName } of people)
    await stage.write({
      what: `${displayName} leaves`,
      target: id,
      effect: { type: 'entry', id, outcome: 'suspended' },
      method: 'DELETE',
      path: `/users/${id}`,
    });
}

export async function comeBack(stage: Stage, people: readonly Person[]): Promise<void> {
  for (const { id, displayName } of people)
    await stage.write({
      what: `${displayName} comes back`,
      target: id,
      effect: { type: 'attribute', id, name: 'userAccountControl' },
      method: 'POST',
      path: `/directory/deletedItems/${id}/restore`,
    });
}

export async function purge(
  stage: Stage,
  objects: readonly { id: string; displayName: string }[],
): Promise<void> {
  for (const { id, displayName } of objects)
    await stage.write({
      what: `${displayName} is purged`,
      target: id,
      effect: { type: 'entry', id, outcome: 'deleted' },
      method: 'DELETE',
      path: `/directory/deletedItems/${id}`,
    });
}
