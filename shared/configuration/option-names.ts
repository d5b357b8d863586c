import type { GroupsConfig, UsersConfig, WritebackConfig } from './define-config.ts';

/** Every key of a type, once: the compiler misses none and allows no other. */
const keysOf = <T>(keys: Record<keyof Required<T>, true>): readonly string[] => Object.keys(keys);

const scope = { filter: true, groups: true, nested: true, deny: true } as const;

/** What a configuration may say at each place. */
export const optionNames = {
  top: keysOf<WritebackConfig>({ users: true, groups: true, revision: true }),
  users: keysOf<UsersConfig>({
    ...scope,
    guests: true,
    names: true,
    fallbackSuffix: true,
    attributes: true,
    manager: true,
    photo: true,
    onPremisesDisable: true,
    leaving: true,
  }),
  userNames: keysOf<NonNullable<UsersConfig['names']>>({
    cn: true,
    sAMAccountName: true,
    userPrincipalName: true,
  }),
  groups: keysOf<GroupsConfig>({
    ...scope,
    roleAssignable: true,
    writebackConfiguration: true,
    kind: true,
    naming: true,
    names: true,
    attributes: true,
    hiddenMembership: true,
    leaving: true,
  }),
  groupNames: keysOf<NonNullable<GroupsConfig['names']>>({ cn: true, sAMAccountName: true }),
};
