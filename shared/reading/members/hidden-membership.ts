import type { CloudGroup } from '../../domain/cloud-object.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Looked, RowCommanded } from '../../ports.ts';
import type { CloudObject } from '../kind-rules.ts';

type Seen = { visibility?: CloudGroup['visibility'] };

/**
 * Whether nobody may see who is in this group: its complete list is empty then, and no difference is sent. Entra fixes it
 * when the group is created (Graph, group `visibility`), but the owner may change the configuration.
 */
export function isHidden({ groups }: Settings, looked: Looked<Seen>): boolean {
  if (groups === false || groups.hiddenMembership === 'write' || looked.found !== 'live') return false;
  // Graph's pages spell it in two ways.
  return looked.object.visibility?.toLowerCase() === 'hiddenmembership';
}

/** What the row of a group remembers when a page of a full round shows it: its list, read later, is empty. */
export function hiddenByPage(
  settings: Settings,
  looked: Looked<CloudObject & Seen>,
): Pick<Partial<RowCommanded>, 'hidden'> {
  return looked.found === 'live' && 'visibility' in looked.object
    ? { hidden: isHidden(settings, looked) }
    : {};
}
