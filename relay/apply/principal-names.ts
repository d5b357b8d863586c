import type { UserPresent } from '../../shared/contracts/command.ts';
import { lastAccountName } from '../../shared/domain/names/account-name.ts';
import { localPart, numbered, plain, suffixOf } from '../../shared/domain/names/name-parts.ts';

/** Entra allows 64 characters before the `@`; so do we. */
const longestPrefix = 64;
const mostCandidates = 20;

/** Suffixes that this forest knows, and where names go that have none of them. */
export type Suffixes = { known: ReadonlySet<string>; fallback: string };

/**
 * The userPrincipalNames that a user may have here: the candidates whose suffix the forest knows. Where there is none of those, the
 * parts before the `@`, plain, and the first of them numbered, at the fallback suffix. Nobody can sign in with a suffix that the
 * forest does not know, and Entra Connect would not sync it up.
 */
export function principalNames(command: UserPresent, { known, fallback }: Suffixes): string[] {
  const candidates = command.names.userPrincipalName;
  const isKnown = (name: string) => {
    const suffix = suffixOf(name).toLowerCase();
    return known.has(suffix) || suffix === fallback.toLowerCase();
  };
  const usable = candidates.filter(isKnown);
  if (usable.length > 0) return usable;
  const prefixes = candidates.map((candidate) => plain(localPart(candidate))).filter((text) => text !== '');
  const [first = lastAccountName('user', command), ...others] = prefixes;
  const texts = [first, ...others, ...numbered(first, command, longestPrefix)];
  const names = texts.map((text) => `${text.slice(0, longestPrefix)}@${fallback}`);
  return [...new Set(names)].slice(0, mostCandidates);
}
