import { domains } from '../company/odd-people.ts';
import type { Person } from '../company/people.ts';
import type { Cast } from './cast.ts';
import { comeBack, leave } from './employees.ts';
import { hire } from './joiners.ts';
import type { Stage } from './stage.ts';

/** Two people swap their sign-in names: through a third one, as Graph has no swap, and in a hurry. */
export async function swap(stage: Stage, { swappers }: Cast): Promise<void> {
  for (const [at, one] of swappers.entries()) {
    const other = swappers[at + 1];
    if (at % 2 !== 0 || other === undefined) continue;
    const [first, second] = [one.userPrincipalName, other.userPrincipalName];
    await stage.burst(async () => {
      await stage.nameUser(one, `swap.${first}`);
      await stage.nameUser(other, first);
      await stage.nameUser(one, second);
    });
  }
}

/** One gets a new sign-in name, and in the same moment another gets the one that is free now. */
export async function passOn(stage: Stage, { heirs }: Cast): Promise<void> {
  for (const [at, one] of heirs.entries()) {
    const heir = heirs[at + 1];
    if (at % 2 !== 0 || heir === undefined) continue;
    const name = one.userPrincipalName;
    await stage.burst(async () => {
      await stage.nameUser(one, `former.${name}`);
      await stage.nameUser(heir, name);
    });
  }
}

/**
 * People leave, and others are hired under their names. The first and the third come back when the successor has got another name;
 * the second stays away and has no sign-in name any more.
 */
export async function succeed(stage: Stage, { succeeded }: Cast): Promise<void> {
  await leave(stage, succeeded);
  const successors: string[] = [];
  for (const person of succeeded) successors.push(await hireSuccessor(stage, person));
  const [first, , third] = succeeded;
  for (const [at, person] of [first, third].entries()) {
    const successor = successors[at * 2];
    if (person === undefined || successor === undefined) continue;
    const displayName = `the successor of ${person.displayName}`;
    await stage.nameUser({ id: successor, displayName }, `new.${person.userPrincipalName}`);
    await comeBack(stage, [person]);
  }
}

function hireSuccessor(stage: Stage, person: Person): Promise<string> {
  const [alias = '', domain = domains.main] = person.userPrincipalName.split('@');
  const successor = { given: `${person.givenName} II`, family: person.surname, alias, jobTitle: 'Successor' };
  return hire(stage, successor, domain);
}
