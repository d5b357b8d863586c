import { mappedAttributes } from './attributes/mapped-attributes.ts';
import type { CloudGroup } from './cloud-object.ts';
import { ask, askTexts, MappingError } from './mapping-error.ts';
import { legalAccountNames, legalCommonNames } from './names/legal-names.ts';
import type { GroupSettings } from './settings.ts';

/** What a group's entry should be, members aside. `security`: universal security, else universal distribution. */
export type DesiredGroup = {
  names: { cn: string[]; sAMAccountName: string[] };
  attributes: Record<string, string | string[] | null>;
  initial: Record<string, string | string[]>;
  security: boolean;
};

/** The entry that a live group in scope should have (docs/expected-state.md). Throws MappingError where a function of the owner's fails. */
export function desiredGroup(group: CloudGroup, settings: GroupSettings): DesiredGroup {
  const { cn, sAMAccountName } = settings.names;
  return {
    names: {
      cn: legalCommonNames(askTexts('groups.names.cn', cn, group), group),
      sAMAccountName: legalAccountNames(
        askTexts('groups.names.sAMAccountName', sAMAccountName, group),
        'group',
        group,
      ),
    },
    ...mappedAttributes('groups.attributes', settings.attributes, group),
    security: isSecurity(group, settings),
  };
}

function isSecurity(group: CloudGroup, settings: GroupSettings): boolean {
  const kind: unknown = ask('groups.kind', settings.kind, group);
  if (kind === 'security' || kind === 'distribution') return kind === 'security';
  throw new MappingError('groups.kind', 'gave neither security nor distribution');
}
