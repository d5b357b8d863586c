import { describe, expect, it } from 'vitest';
import { makeCompany, sizeOf } from '../../../local/company/company.ts';
import { domains, oddPeople } from '../../../local/company/odd-people.ts';
import { strangeComputer, strangers } from '../../../local/company/strangers.ts';

describe('the company', () => {
  const company = makeCompany(7, 'fabrikam.example');

  it('is the same for the same seed, and another for another', () => {
    expect(makeCompany(7, 'fabrikam.example')).toEqual(company);
    expect(makeCompany(8, 'fabrikam.example').people[0]?.id).not.toBe(company.people[0]?.id);
  });

  it('is large enough for the story', () => {
    for (const seed of [1, 2, 7, 42]) {
      const size = sizeOf(makeCompany(seed, 'fabrikam.example'));
      expect(size.users).toBe(180);
      expect(size.groups).toBe(46);
      expect(size.memberships).toBeGreaterThanOrEqual(5_900);
    }
    expect(company.people).toHaveLength(230);
    expect(company.teams).toHaveLength(49);
    expect(Math.max(...company.teams.map((team) => team.members.length))).toBe(5_000);
    expect(company.people.filter((person) => !person.accountEnabled)).toHaveLength(10);
  });

  it('has sign-in names that nobody shares, in plain letters', () => {
    const names = company.people.map((person) => person.userPrincipalName.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const odd = new Set(oddPeople.map(({ prefix, domain }) => `${prefix}@${domain}`));
    const ordinary = company.people.filter(
      (one) => !odd.has(one.userPrincipalName) && one.origin !== 'guest',
    );
    for (const person of ordinary)
      expect(person.userPrincipalName).toMatch(/^[a-z-]+\.[a-z-]+\d*@fabrikam\.example$/);
    expect(ordinary).toHaveLength(198);
  });

  it('has people whose names are the same to AD, under three domains, and strangers who have them already', () => {
    const prefixes = oddPeople.map(({ prefix }) => prefix.toLowerCase());
    const shared = prefixes.filter((prefix, at) => prefixes.indexOf(prefix) !== at);
    expect(new Set(shared)).toEqual(
      new Set(['joerg.mueller', 'ivan.petrov', 'eleni.pappa', 'wei.li', 'sakura.kobayashi.x']),
    );
    expect(new Set(oddPeople.map(({ domain }) => domain))).toEqual(new Set(Object.values(domains)));
    const taken = [
      strangeComputer,
      ...strangers.flatMap((one) => [one.sAMAccountName, one.userPrincipalName.split('@')[0]]),
    ];
    for (const prefix of ['anna.weber', 'paul.stone', 'greta.frost', 'front.desk']) {
      expect(prefixes).toContain(prefix);
      expect(taken).toContain(prefix);
    }
  });

  it('has a tree of managers, some of them synced, some guests', () => {
    const { managers, people } = company;
    const origins = new Map(people.map((person) => [person.id, person.origin]));
    const kinds = new Set([...managers.values()].map((id) => origins.get(id)));
    expect(kinds).toEqual(new Set(['cloud', 'synced', 'guest']));
    expect(managers.size).toBeGreaterThan(140);
    expect([...managers].every(([report, manager]) => report !== manager)).toBe(true);
  });

  it('has every kind of group', () => {
    const kinds = company.teams.map(
      ({ mailEnabled, securityEnabled, groupTypes, visibility, isAssignableToRole }) =>
        JSON.stringify([
          mailEnabled,
          securityEnabled,
          groupTypes,
          visibility === 'HiddenMembership',
          isAssignableToRole === true,
        ]),
    );
    expect(new Set(kinds)).toEqual(
      new Set([
        '[false,true,[],false,false]',
        '[false,true,[],false,true]',
        '[true,true,[],false,false]',
        '[true,false,[],false,false]',
        '[true,false,["Unified"],false,false]',
        '[true,false,["Unified"],true,false]',
        '[true,false,["Unified","DynamicMembership"],false,false]',
      ]),
    );
  });

  it('writes names in several scripts', () => {
    const names = company.people.map((person) => person.displayName).join('');
    for (const script of ['Latin', 'Cyrillic', 'Greek', 'Han', 'Hiragana', 'Arabic'])
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
  });

  it('nests groups and has synced people, guests and things among the members', () => {
    const byId = new Map(company.people.map((person) => [person.id, person.origin]));
    const groups = new Set(company.teams.map((team) => team.id));
    const members = company.teams.filter((team) => team.type !== 'synced').flatMap((team) => team.members);
    expect(members.some((id) => groups.has(id))).toBe(true);
    expect(members.some((id) => byId.get(id) === 'synced')).toBe(true);
    expect(members.some((id) => byId.get(id) === 'guest')).toBe(true);
    expect(members.some((id) => company.others.some((other) => other.id === id))).toBe(true);
  });
});
