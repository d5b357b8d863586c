import { describe, expect, it } from 'vitest';
import { makeCompany, sizeOf } from '../../../local/company/company.ts';

describe('the company', () => {
  const company = makeCompany(7, 'fabrikam.example');

  it('is the same for the same seed, and another for another', () => {
    expect(makeCompany(7, 'fabrikam.example')).toEqual(company);
    expect(makeCompany(8, 'fabrikam.example').people[0]?.id).not.toBe(company.people[0]?.id);
  });

  it('is large enough for the story', () => {
    for (const seed of [1, 2, 7, 42]) {
      const size = sizeOf(makeCompany(seed, 'fabrikam.example'));
      expect(size.users).toBeGreaterThanOrEqual(155);
      expect(size.groups).toBe(26);
      expect(size.memberships).toBeGreaterThanOrEqual(900);
    }
    expect(company.people).toHaveLength(208);
    expect(company.teams).toHaveLength(30);
    expect(company.people.filter((person) => !person.accountEnabled)).toHaveLength(10);
  });

  it('has sign-in names that nobody shares, in plain letters', () => {
    const names = company.people.map((person) => person.userPrincipalName.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const person of company.people.filter((one) => one.origin !== 'guest'))
      expect(person.userPrincipalName).toMatch(/^[a-z-]+\.[a-z-]+\d*@fabrikam\.example$/);
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
