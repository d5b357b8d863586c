import { cleanText } from './clean-text.ts';
import type { CloudGroup } from './cloud-object.ts';
import { accountName, commonName } from './entry-name.ts';
import { isUnified } from './scope.ts';

/** What a group's entry should be, members aside. `security`: universal security, else universal distribution. */
export type DesiredGroup = {
  names: { cn: string[]; sAMAccountName: string[] };
  attributes: Record<string, string | null>;
  security: boolean;
};

/** The entry that a live group in scope should have (docs/expected-state.md). */
export function desiredGroup(group: CloudGroup): DesiredGroup {
  return {
    names: {
      cn: [commonName(group.displayName, group.id)],
      sAMAccountName: [accountName('group', group.id)],
    },
    attributes: {
      displayName: cleanText(group.displayName, 256) || null,
      mail: cleanText(group.mail, 256) || null,
      description: cleanText(group.description, 448) || null,
    },
    security: !isUnified(group),
  };
}
