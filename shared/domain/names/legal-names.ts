import { cleanText, cutText } from '../clean-text.ts';
import type { Kind, ObjectId } from '../object-id.ts';
import { lastAccountName, maxAccountName } from './account-name.ts';
import { commonName, maxCommonName } from './common-name.ts';
import { isReserved } from './reserved.ts';

/**
 * What candidates become before they leave: an owner's rule may return anything, the directory takes little (ad-ldap.md A.2,
 * A.3, A.6). Each list keeps its order, loses what is unusable or said twice, and is at most 20 long.
 */
const maxCandidates = 20;
const maxPrincipalName = 1_024;

/** Candidates for a cn; where none is left, the display name with the id. */
export function legalCommonNames(
  candidates: readonly string[],
  object: { id: ObjectId; displayName: string | null },
): string[] {
  const legal = candidates.map((one) => cleanText(one, maxCommonName));
  return distinct(legal, maxCandidates) ?? [commonName(object)];
}

/** Candidates for a sAMAccountName; the name of last resort is always behind them. */
export function legalAccountNames(
  candidates: readonly string[],
  kind: Kind,
  object: { id: ObjectId },
): string[] {
  const legal = candidates.map((one) => legalAccountName(one, maxAccountName[kind]));
  const usable = legal.filter((one) => !isReserved(one));
  const last = lastAccountName(kind, object);
  return distinct([...(distinct(usable, maxCandidates - 1) ?? []), last], maxCandidates) ?? [last];
}

/** Windows refuses `" / \ [ ] : ; | = , + * ? < >` and a dot at the end; a name with `@` cannot be used to sign in. */
function legalAccountName(text: string, max: number): string {
  const taken = cleanText(text).replace(/["/\\[\]:;|=,+*?<>@]/g, '');
  return cutText(taken.trim(), max).replace(/[\s.]+$/, '');
}

/** Candidates for a userPrincipalName: one `@` with something on both sides, no white space. May be empty. */
export function legalPrincipalNames(candidates: readonly string[]): string[] {
  const legal = candidates.map((one) => cleanText(one));
  const usable = legal.filter((one) => one.length <= maxPrincipalName && /^[^\s@]+@[^\s@]+$/.test(one));
  return distinct(usable, maxCandidates) ?? [];
}

/** Without empty ones and repetitions (AD folds case); undefined where nothing is left. */
function distinct(texts: readonly string[], max: number): string[] | undefined {
  const seen = new Map<string, string>();
  for (const text of texts) {
    const folded = text.toLowerCase();
    if (text !== '' && !seen.has(folded)) seen.set(folded, text);
  }
  return seen.size === 0 ? undefined : [...seen.values()].slice(0, max);
}
