import { chunksOf } from '../../shared/domain/chunks-of.ts';
import type { Guid, Principal, WantedNames } from '../ports.ts';
import { foldName } from './codec/fold-name.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { principalAttributes, principalOf } from './decode-entry.ts';
import type { LdapEntry } from './ldap-entry.ts';
import { anyOf, equals } from './search-directory.ts';
import { type Domain, impliedAccountName, searchDomain, termsPerSearch } from './search-domain.ts';

/** Every name that would be in the way of the wanted ones, each as it is and folded. */
type Terms = { sAMAccountName: ReadonlySet<string>; userPrincipalName: ReadonlySet<string> };

const holderAttributes = [...principalAttributes, 'sAMAccountName', 'userPrincipalName'];

/**
 * Whoever holds one of the names, explicitly or by implication, a list per question: `p1@<domain>` is the implicit userPrincipalName of
 * the sAMAccountName `p1`, so either excludes the other (MS-ADTS 5.1.1.1.1). Every term is indexed. AD compares without diacritics,
 * which Samba does not, so each name is looked for as it is and folded.
 */
export async function findHolders(
  pool: ConnectionPool,
  domain: Domain,
  wanted: readonly WantedNames[],
): Promise<Principal[][]> {
  const asked = wanted.map((names) => termsOf(names, domain));
  const accountNames = new Set(asked.flatMap((terms) => [...terms.sAMAccountName]));
  const principalNames = new Set(asked.flatMap((terms) => [...terms.userPrincipalName]));
  const filters = [
    ...[...accountNames].map((name) => equals('sAMAccountName', name)),
    ...[...principalNames].map((name) => equals('userPrincipalName', name)),
  ];
  const holders = new Map<Guid, Principal>();
  for (const some of chunksOf(filters, termsPerSearch)) {
    for (const found of await searchDomain(pool, domain, {
      filter: anyOf(some),
      attributes: holderAttributes,
    })) {
      const holder = holderOf(found);
      holders.set(holder.guid, holder);
    }
  }
  const named = [...holders.values()].map((holder) => ({ holder, names: foldedNames(holder) }));
  return asked.map((terms) => {
    const unwanted = foldedTerms(terms);
    return named.flatMap(({ holder, names }) => (isAmong(names, unwanted) ? [holder] : []));
  });
}

function termsOf(wanted: WantedNames, domain: Domain): Terms {
  const upns = spellings(wanted.userPrincipalName);
  const accountNames = spellings(wanted.sAMAccountName);
  const implied = upns.flatMap((upn) => impliedAccountName(upn, domain) ?? []);
  const implying = accountNames.map((name) => `${name}@${domain.name}`);
  return {
    sAMAccountName: new Set([...accountNames, ...implied]),
    userPrincipalName: new Set([...upns, ...implying]),
  };
}

/** Each name as it is and folded. */
function spellings(names: string | readonly string[] | undefined): string[] {
  return [...new Set([names ?? []].flat().flatMap((name) => [name, foldName(name)]))];
}

function holderOf(found: LdapEntry): Principal {
  const sAMAccountName = found.text('sAMAccountName');
  const userPrincipalName = found.text('userPrincipalName');
  return {
    ...principalOf(found),
    names: {
      ...(sAMAccountName === undefined ? {} : { sAMAccountName }),
      ...(userPrincipalName === undefined ? {} : { userPrincipalName }),
    },
  };
}

/** Both sides folded, because the directory may compare more loosely than letter by letter. */
const isAmong = (names: FoldedNames, terms: Terms): boolean =>
  names.sAMAccountName.some((name) => terms.sAMAccountName.has(name)) ||
  names.userPrincipalName.some((name) => terms.userPrincipalName.has(name));

type FoldedNames = { sAMAccountName: readonly string[]; userPrincipalName: readonly string[] };

/** None or one of each. */
const foldedNames = ({ names }: Principal): FoldedNames => ({
  sAMAccountName: names?.sAMAccountName === undefined ? [] : [foldName(names.sAMAccountName)],
  userPrincipalName: names?.userPrincipalName === undefined ? [] : [foldName(names.userPrincipalName)],
});

const foldedTerms = ({ sAMAccountName, userPrincipalName }: Terms): Terms => ({
  sAMAccountName: new Set([...sAMAccountName].map(foldName)),
  userPrincipalName: new Set([...userPrincipalName].map(foldName)),
});
