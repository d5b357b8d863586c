import { type Person, withoutDetails } from './people.ts';
import type { Chance } from './random.ts';

/** Many people whose accounts are mastered in AD, plain and alike: what a large group is made of. */
export function makeFieldStaff(count: number, chance: Chance, domain: string): Person[] {
  return Array.from({ length: count }, (_, at) => {
    const number = String(at + 1).padStart(4, '0');
    return {
      ...withoutDetails,
      origin: 'synced' as const,
      id: chance.guid(),
      userPrincipalName: `field.${number}@${domain}`,
      mailNickname: `field.${number}`,
      displayName: `Field staff ${number}`,
      givenName: 'Field',
      surname: `Staff ${number}`,
    };
  });
}
