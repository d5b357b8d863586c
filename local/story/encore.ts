import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

const mostRounds = 40;

/**
 * Small everyday changes, round after round, until `isEnough`. An awkward tenant shows each of its habits only now and then:
 * the encore gives the rarer ones their occasion.
 */
export async function encore(stage: Stage, cast: Cast, isEnough: () => Promise<boolean>): Promise<void> {
  const [project] = cast.projects;
  if (project === undefined) return;
  for (let round = 1; round <= mostRounds && !(await isEnough()); round++) {
    for (const person of cast.members.slice(0, 4)) {
      const body = { jobTitle: `Specialist, grade ${round}` };
      const what = `${person.displayName} is promoted to grade ${round}`;
      await stage.patch(what, `/users/${person.id}`, { body, attribute: 'title' });
    }
    const body = { description: `Project room, week ${round}` };
    const what = `group ${project.displayName} is in week ${round}`;
    await stage.patch(what, `/groups/${project.id}`, { body, attribute: 'description' });
  }
}
