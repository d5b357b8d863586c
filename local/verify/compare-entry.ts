import type { DirectoryEntry } from './directory-state.ts';
import { isChildOf } from './dn.ts';
import { markAttributes } from './entry-index.ts';
import type { ExpectedEntry } from './expected-entry.ts';
import type { Difference, DifferenceKind, Findings } from './findings.ts';

export type Compared = { id: string; entry: DirectoryEntry; findings: Findings };

/** Must not be on anything that we write, whatever the cloud says. */
const forbidden = [
  'sIDHistory',
  'servicePrincipalName',
  'msDS-AllowedToDelegateTo',
  'msDS-KeyCredentialLink',
  'msDS-AllowedToActOnBehalfOfOtherIdentity',
];

/** Names and listed attributes of a live object; what the cloud does not say must be absent. */
export function compareLive(compared: Compared, expected: ExpectedEntry): void {
  const { entry, findings } = compared;
  const value = (name: string) => joined(entry, name);
  findings.equal(about(compared, 'name', 'cn'), expected.cn, value('cn'));
  findings.equal(
    about(compared, 'name', 'userPrincipalName'),
    expected.userPrincipalName,
    value('userPrincipalName'),
  );
  for (const [name, wanted] of expected.attributes)
    findings.equal(about(compared, 'attribute', name), wanted, value(name));
}

/** What holds for live and soft-deleted objects alike: marks, sAMAccountName, place, nothing forbidden. */
export function compareOurs(compared: Compared, expected: ExpectedEntry, destination: string): void {
  const { entry, findings } = compared;
  const value = (name: string) => joined(entry, name);
  for (const attribute of markAttributes)
    findings.equal(about(compared, 'mark', attribute), expected.mark, value(attribute));
  findings.equal(about(compared, 'name', 'sAMAccountName'), expected.sAMAccountName, value('sAMAccountName'));
  findings.holds(
    isChildOf(entry.dn, destination),
    about(compared, 'wrong-place', `is not directly in ${destination}`),
  );
  for (const name of forbidden) findings.equal(about(compared, 'attribute', name), undefined, value(name));
}

/** A difference about one entry. */
export const about = ({ id, entry }: Compared, kind: DifferenceKind, what: string): Difference => ({
  kind,
  id,
  dn: entry.dn,
  what,
});

/** All values of an attribute in one text, or undefined where it has none. */
export const joined = (entry: DirectoryEntry, name: string): string | undefined =>
  entry.values.get(name.toLowerCase())?.join(' | ');
