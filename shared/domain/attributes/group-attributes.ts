import { cleanText } from '../clean-text.ts';
import type { CloudGroup } from '../cloud-object.ts';
import type { AttributeValue } from '../settings.ts';

/** Both engines of Microsoft cut a group's description here (microsoft-writeback.md 5.3). */
const maxDescription = 448;

/** Where the attributes of a group's entry come from unless the owner says otherwise (docs/expected-state.md). */
export const groupAttributes: Readonly<Record<string, (group: CloudGroup) => AttributeValue>> = {
  displayName: (group) => group.displayName,
  mail: (group) => group.mail,
  description: (group) => cleanText(group.description, maxDescription),
};
