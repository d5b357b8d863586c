import type { Company } from '../company/company.ts';
import type { Team } from '../company/groups.ts';
import type { Person } from '../company/people.ts';
import type { Chance } from '../company/random.ts';

/** Who plays: nobody has two roles that change the same of a person, so that each change can be told from every other in AD. */
export type Cast = {
  movers: Person[];
  travellers: Person[];
  detailed: Person[];
  renamed: Person[];
  remarried: Person[];
  swappers: Person[];
  heirs: Person[];
  suspended: Person[];
  returning: Person[];
  forgetful: Person[];
  leavers: Person[];
  /** Of these, another takes the sign-in name. */
  succeeded: Person[];
  /** Everybody below has reports, or gets some. */
  chiefs: Person[];
  /** Report to somebody born in the cloud who stays. */
  reporters: Person[];
  becomingGuests: Person[];
  /** Disabled in AD by an administrator. */
  locked: Person[];
  members: Person[];
  disabled: Person[];
  synced: Person[];
  guests: Person[];
  projects: Team[];
  /** Groups whose kind Exchange changes. */
  byExchange: Team[];
  departments: Team[];
  largest: Team;
};

/** Casts the story from the company; who leaves is in none of the groups whose members the story changes. */
export function castFrom(company: Company, chance: Chance): Cast {
  const cloud = company.people.filter((person) => person.origin === 'cloud');
  const projects = company.teams.filter((team) => team.type === 'microsoft365').slice(0, 4);
  const inProjects = new Set(projects.flatMap((team) => team.members));
  const largest = company.teams.toSorted((a, b) => b.members.length - a.members.length)[0];
  if (largest === undefined) throw new Error('a story needs groups');
  const [managed, led] = [company.managers, new Set(company.managers.values())];
  const isFree = (person: Person) => person.accountEnabled && !inProjects.has(person.id);
  const free = chance.sample(cloud.filter(isFree), cloud.length);
  const take = (count: number, suits: (person: Person) => boolean = () => true) =>
    free
      .filter(suits)
      .slice(0, count)
      .map((person) => free.splice(free.indexOf(person), 1)[0] ?? person);
  const leadsNobody = (person: Person) => !led.has(person.id);
  const leaders = new Set(cloud.filter((person) => led.has(person.id)).map((person) => person.id));
  const [leavers, succeeded, chiefs] = [take(7, leadsNobody), take(3, leadsNobody), take(2, leadsNobody)];
  const isOrdinary = (person: Person) => person.userPrincipalName.endsWith(`@${company.domain}`);
  const playing = {
    ...{ leavers, succeeded, chiefs },
    reporters: take(9, (person) => leaders.has(managed.get(person.id) ?? '') && leadsNobody(person)),
    becomingGuests: take(3, leadsNobody),
    swappers: take(4, isOrdinary),
    heirs: take(4, isOrdinary),
    remarried: take(3, isOrdinary),
    locked: take(2),
    movers: take(8),
    travellers: take(6),
    detailed: take(6),
    renamed: take(5),
    suspended: take(4),
    forgetful: take(5),
  };
  const { swappers, heirs, movers, travellers, detailed, renamed, remarried, suspended, forgetful } = playing;
  return {
    ...playing,
    members: [
      ...free,
      ...movers,
      ...travellers,
      ...renamed,
      ...detailed,
      ...suspended,
      ...forgetful,
      ...swappers,
      ...heirs,
      ...remarried,
    ],
    disabled: cloud.filter((person) => !person.accountEnabled),
    returning: cloud.filter((person) => !person.accountEnabled).slice(0, 3),
    synced: company.people.filter((person) => person.origin === 'synced'),
    guests: company.people.filter((person) => person.origin === 'guest'),
    projects,
    byExchange: company.teams.filter((team) => ['Newsletter', 'Störfälle'].includes(team.displayName)),
    departments: company.teams.filter((team) => team.displayName.startsWith('Department ')),
    largest,
  };
}
