import type { CloudGroup, CloudUser } from '../cloud-object.ts';
import type { Kind, ObjectId } from '../object-id.ts';
import { firstEighteen, localPart, numbered, plain } from './name-parts.ts';

/** What a sAMAccountName may have: AD documents 20 characters for users; for groups we stop at 64. */
export const maxAccountName: Record<Kind, number> = { user: 20, group: 64 };

/** The name of last resort: `u-` or `g-` and the first 18 hex digits of the id. */
export function lastAccountName(kind: Kind, object: { id: ObjectId }): string {
  return `${kind === 'user' ? 'u' : 'g'}-${firstEighteen(object)}`;
}

/** Default candidates of a user: from `mailNickname`, else from the userPrincipalName; of a guest from `mail`. */
export function userAccountNames(user: CloudUser): string[] {
  return numbered(userAccountStem(user), user, maxAccountName.user);
}

function userAccountStem(user: CloudUser): string {
  if (user.userType === 'Guest') return plain(localPart(guestAddress(user)));
  return plain(user.mailNickname) || plain(localPart(user.userPrincipalName));
}

/**
 * The address by which a guest is known at home: `mail`, else what Entra made of it in the userPrincipalName
 * (`ann_partner.example#EXT#@contoso.example`: the last `_` was an `@`).
 */
export function guestAddress(user: CloudUser): string {
  if (user.mail?.includes('@') === true) return user.mail.trim();
  const [home = ''] = localPart(user.userPrincipalName).split('#EXT#');
  return home.replace(/_([^_]*)$/, '@$1');
}

/** Default candidates of a group: from its display name. */
export function groupAccountNames(group: CloudGroup): string[] {
  return numbered(plain(group.displayName, '-'), group, maxAccountName.group);
}
