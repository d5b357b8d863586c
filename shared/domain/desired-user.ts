import { mappedAttributes } from './attributes/mapped-attributes.ts';
import type { CloudUser } from './cloud-object.ts';
import { askTexts } from './mapping-error.ts';
import { legalAccountNames, legalCommonNames, legalPrincipalNames } from './names/legal-names.ts';
import type { UserSettings } from './settings.ts';

/**
 * What an entry should be, values only: ordered candidates for names, attributes by LDAP name (`null` clears, what is not named
 * stays), `initial` for a new entry only. Manager and photo are not the mapping's: they are reads of their own.
 */
export type DesiredUser = {
  names: { cn: string[]; sAMAccountName: string[]; userPrincipalName: string[] };
  attributes: Record<string, string | string[] | null>;
  initial: Record<string, string | string[]>;
  enabled: boolean;
};

/**
 * The entry that a live user in scope should have, or undefined where there is no userPrincipalName to write. Throws
 * MappingError where a function of the owner's fails.
 */
export function desiredUser(user: CloudUser, settings: UserSettings): DesiredUser | undefined {
  const { cn, sAMAccountName, userPrincipalName } = settings.names;
  const principalNames = legalPrincipalNames(
    askTexts('users.names.userPrincipalName', userPrincipalName, user),
  );
  if (principalNames.length === 0) return undefined;
  return {
    names: {
      cn: legalCommonNames(askTexts('users.names.cn', cn, user), user),
      sAMAccountName: legalAccountNames(
        askTexts('users.names.sAMAccountName', sAMAccountName, user),
        'user',
        user,
      ),
      userPrincipalName: principalNames,
    },
    ...mappedAttributes('users.attributes', settings.attributes, user),
    enabled: user.accountEnabled === true,
  };
}
