import type { Compared, Comparison } from './comparison.ts';
import type { DirectoryEntry } from './directory-state.ts';
import { isChildOf } from './dn.ts';
import { markAttributes } from './entry-index.ts';
import type { ExpectedEntry } from './expected-entry.ts';
import type { Difference, DifferenceKind } from './findings.ts';

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
  findings.equal(about(compared, 'name', 'cn'), expected.cn, joined(entry, 'cn'));
  findings.oneOf(
    about(compared, 'name', 'userPrincipalName'),
    expected.principalNames.length === 0 ? [undefined] : expected.principalNames,
    joined(entry, 'userPrincipalName'),
  );
  for (const [name, wanted] of expected.attributes)
    findings.equal(about(compared, 'attribute', name), together(wanted), joined(entry, name));
}

/** A leaver keeps what was written last: what was seen then, or what the cloud said last. */
export function compareLeft(comparison: Comparison, compared: Compared, expected: ExpectedEntry): void {
  const { entry, findings, id } = compared;
  const written = comparison.baseline.identities[id]?.written ?? {};
  const seen = (name: string) => together(written[name.toLowerCase()] ?? []);
  findings.oneOf(about(compared, 'name', 'cn'), [seen('cn'), expected.cn], joined(entry, 'cn'));
  for (const [name, wanted] of expected.attributes)
    findings.oneOf(about(compared, 'attribute', name), [seen(name), together(wanted)], joined(entry, name));
}

/** What holds for live objects and leavers alike: marks, place, nothing forbidden. */
export function compareOurs(comparison: Comparison, compared: Compared, expected: ExpectedEntry): void {
  const { entry, findings } = compared;
  const { destination, schemaHas } = comparison.directory;
  const [always, optional] = markAttributes;
  for (const attribute of schemaHas.has(optional.toLowerCase()) ? markAttributes : [always])
    findings.equal(about(compared, 'mark', attribute), expected.mark, joined(entry, attribute));
  findings.holds(
    isChildOf(entry.dn, destination),
    about(compared, 'wrong-place', `is not directly in ${destination}`),
  );
  for (const name of forbidden)
    findings.equal(about(compared, 'attribute', name), undefined, joined(entry, name));
}

/** A difference about one entry. */
export const about = ({ id, entry }: Compared, kind: DifferenceKind, what: string): Difference => ({
  kind,
  id,
  dn: entry.dn,
  what,
});

/** All values of an attribute in one text, in no order, or undefined where it has none. */
export const joined = (entry: DirectoryEntry, name: string): string | undefined =>
  together(entry.values.get(name.toLowerCase()) ?? []);

const together = (values: readonly string[]): string | undefined =>
  values.length === 0 ? undefined : values.toSorted().join(' | ');
