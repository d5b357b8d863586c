import { cleanText } from '../clean-text.ts';
import type { CloudUser } from '../cloud-object.ts';
import { guestAddress } from './account-name.ts';
import { localPart, numbered, plain, suffixOf } from './name-parts.ts';

/** Entra allows 64 characters before the `@`; we keep to it. */
const maxPrefix = 64;

/**
 * Default candidates for a userPrincipalName: the cloud's, then its plain prefix, numbered, at the fallback suffix where one is
 * configured (the relay falls back to its own domain where none is). A guest's is its address with `_` for `@`.
 */
export function userPrincipalNames(fallbackSuffix: string | undefined): (user: CloudUser) => string[] {
  return (user) => {
    if (user.userType === 'Guest') return guestPrincipalNames(user, fallbackSuffix);
    const own = cleanText(user.userPrincipalName);
    if (own === '') return [];
    // At its own suffix a numbered name would be taken for good while two users swap theirs.
    const isElsewhere = suffixOf(own).toLowerCase() !== fallbackSuffix?.toLowerCase();
    return isElsewhere ? [own, ...prefixesAt(fallbackSuffix, plain(localPart(own)), user)] : [own];
  };
}

function guestPrincipalNames(user: CloudUser, fallbackSuffix: string | undefined): string[] {
  const suffix = fallbackSuffix ?? suffixOf(user.userPrincipalName);
  return prefixesAt(suffix, plain(guestAddress(user).replace('@', '_')), user);
}

function prefixesAt(suffix: string | undefined, prefix: string, user: CloudUser): string[] {
  if (suffix === undefined || suffix === '') return [];
  return numbered(prefix, user, maxPrefix).map((one) => `${one}@${suffix}`);
}
