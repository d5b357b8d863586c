import type { Company } from '../company/company.ts';
import type { Team } from '../company/groups.ts';
import type { Person } from '../company/people.ts';
import type { Chance } from '../company/random.ts';

/** Who plays: nobody has two roles, so that each change can be told from every other in AD. */
export type Cast = {
  movers: Person[];
  renamed: Person[];
  remarried: Person[];
  suspended: Person[];
  returning: Person[];
  forgetful: Person[];
  leavers: Person[];
  members: Person[];
  disabled: Person[];
  synced: Person[];
  guests: Person[];
  projects: Team[];
  departments: Team[];
};

/** Casts the story from the company; leavers are in none of the groups whose members the story changes. */
export function castFrom(company: Company, chance: Chance): Cast {
  const cloud = company.people.filter((person) => person.origin === 'cloud');
  const projects = company.teams.filter((team) => team.type === 'microsoft365');
  const inProjects = new Set(projects.flatMap((team) => team.members));
  const working = cloud.filter((person) => person.accountEnabled);
  const free = chance.sample(
    working.filter((person) => !inProjects.has(person.id)),
    working.length,
  );
  const take = (count: number) => free.splice(0, count);
  return {
    leavers: take(7),
    movers: take(8),
    renamed: take(5),
    remarried: take(3),
    suspended: take(4),
    forgetful: take(5),
    members: free,
    disabled: cloud.filter((person) => !person.accountEnabled),
    returning: cloud.filter((person) => !person.accountEnabled).slice(0, 3),
    synced: company.people.filter((person) => person.origin === 'synced'),
    guests: company.people.filter((person) => person.origin === 'guest'),
    projects,
    departments: company.teams.filter((team) => team.displayName.startsWith('Department ')),
  };
}
