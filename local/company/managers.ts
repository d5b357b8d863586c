import type { Person } from './people.ts';

const everySeventeenth = 17;
const everyTwentyThird = 23;
const everyEleventh = 11;

/**
 * Who reports to whom, by id: a tree of a boss, heads of departments and everybody else. Some report to somebody whose account is
 * mastered in AD, some to a guest, some to nobody.
 */
export function managersOf(people: readonly Person[]): Map<string, string> {
  const cloud = people.filter((person) => person.origin === 'cloud');
  const synced = people.filter((person) => person.origin === 'synced');
  const guests = people.filter((person) => person.origin === 'guest');
  const heads = new Map<string | null, Person>();
  for (const person of cloud)
    if (person.accountEnabled && !heads.has(person.department)) heads.set(person.department, person);
  const [boss] = heads.values();
  const managers = new Map<string, string>();
  for (const [at, person] of cloud.entries()) {
    const head = heads.get(person.department);
    const manager = turnOf(at, { synced, guests }) ?? (head === person ? boss : head);
    if (person !== boss && manager !== undefined && at % everyEleventh !== 0)
      managers.set(person.id, manager.id);
  }
  return managers;
}

/** Now and then somebody reports to a person who is not born in the cloud or not in AD at all. */
function turnOf(
  at: number,
  { synced, guests }: { synced: readonly Person[]; guests: readonly Person[] },
): Person | undefined {
  if (at % everySeventeenth === 3) return synced[at % synced.length];
  return at % everyTwentyThird === 5 ? guests[at % guests.length] : undefined;
}
