import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

/**
 * An administrator disables accounts in AD that the cloud has enabled. They stay so while the cloud changes something else of them; one
 * is disabled and enabled by the cloud as well, which brings it back.
 */
export async function lock(stage: Stage, { locked }: Cast): Promise<void> {
  for (const person of locked) await stage.disableInAd(person);
  for (const person of locked) {
    const what = `${person.displayName}, disabled in AD, gets another title`;
    const body = { jobTitle: 'On leave' };
    await stage.patch(what, `/users/${person.id}`, { body, attribute: 'title' });
  }
}

export async function unlock(stage: Stage, { locked }: Cast): Promise<void> {
  const [person] = locked;
  if (person !== undefined) await stage.unlock(person);
}
