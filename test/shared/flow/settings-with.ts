import { defaultSettings } from '../../../shared/configuration/default-settings.ts';
import type { GroupSettings, Settings, UserSettings } from '../../../shared/domain/settings.ts';

export const defaultUsers: UserSettings = defaultSettings.users || unwritten();
export const defaultGroups: GroupSettings = defaultSettings.groups || unwritten();

let changes = 0;

/** The defaults with some settings of users or groups changed, as another configuration (with a hash of its own). */
export function settingsWith(changed: {
  users?: Partial<UserSettings> | false;
  groups?: Partial<GroupSettings> | false;
}): Settings {
  return {
    users: changed.users === false ? false : { ...defaultUsers, ...changed.users },
    groups: changed.groups === false ? false : { ...defaultGroups, ...changed.groups },
    hash: `changed-${++changes}`,
  };
}

function unwritten(): never {
  throw new Error('the defaults write both kinds');
}
