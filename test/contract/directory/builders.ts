import { randomUUID } from 'node:crypto';
import type { NewEntry } from '../../../relay/ports.ts';

/** An entry to add whose attributes have one value each. */
export type Built = NewEntry & { mark: string; attributes: Record<string, string> };

/** A user as the relay adds one, with a mark and names of its own. */
export function newUser(overrides: { cn?: string; attributes?: Record<string, string> } = {}): Built {
  const id = randomUUID();
  const mark = `User_${id}`;
  return {
    kind: 'user',
    cn: overrides.cn ?? `Ada Lovelace_${id.slice(-12)}`,
    mark,
    attributes: {
      sAMAccountName: `u-${digits(id)}`,
      userPrincipalName: `ada.${digits(id)}@contoso.example`,
      displayName: 'Ada Lovelace',
      adminDescription: mark,
      'msDS-ExternalDirectoryObjectId': mark,
      userAccountControl: '514',
      ...overrides.attributes,
    },
  };
}

/** A universal security group as the relay adds one. */
export function newGroup(overrides: { cn?: string; attributes?: Record<string, string> } = {}): Built {
  const id = randomUUID();
  const mark = `Group_${id}`;
  return {
    kind: 'group',
    cn: overrides.cn ?? `Readers_${id.slice(-12)}`,
    mark,
    attributes: {
      sAMAccountName: `g-${digits(id)}`,
      displayName: 'Readers',
      groupType: '-2147483640',
      adminDescription: mark,
      'msDS-ExternalDirectoryObjectId': mark,
      ...overrides.attributes,
    },
  };
}

/** An account name that nobody has. */
export const accountName = (): string => `p-${digits(randomUUID())}`;

/** A userPrincipalName that nobody has. */
export const upn = (): string => `p.${digits(randomUUID())}@contoso.example`;

const digits = (id: string): string => id.replaceAll('-', '').slice(0, 18);
