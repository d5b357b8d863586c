import type { Feature, Section } from '../feature.ts';

const row = (number: number, name: string, how: string): Feature => ({
  name: `${number}. ${name}`,
  support: 'yes',
  how,
  tags: [`windows.${number}`],
});

/** What Windows enforces and Samba does not: the rows of a strict fake, on which the flow's tests run as well. */
export const windows: Section = {
  title: 'Rules of Windows that Samba does not have',
  about:
    'The tests with a real directory run on Samba, which is more lenient than Windows. A strict fake refuses what Windows refuses; the relay is tested on both.',
  rows: [
    row(1, 'Length of sAMAccountName', 'At most 20 characters for users.'),
    row(2, 'Length of an RDN', 'At most 64 UTF-16 units.'),
    row(3, 'Names that differ by diacritics only', 'They are the same name.'),
    row(4, 'Spellings of one proxy address', 'They are the same address.'),
    row(5, 'Enabling without a password', 'Refused.'),
    row(6, 'Nesting of groups', 'By scope; no group in itself, no OU in a group.'),
    row(7, 'Values in one modify', 'Chunks of 1,000 members.'),
    row(8, 'Values in one answer', '1,500, then ranges.'),
    row(9, 'Codes of refused values', 'Too long, too weak: as Windows says it.'),
    row(10, 'A member that is there already', 'Success with permissive modify.'),
    row(11, 'Passwords over a link without encryption', 'Refused; the relay speaks LDAPS only.'),
    row(12, 'Spaces within names', 'Kept as they are.'),
    row(13, 'Forest, several controllers', 'Referrals are not followed; one controller is written to.'),
    row(14, 'Attributes that only some schemas have', 'Read from the schema at start.'),
    row(15, 'GUIDs and SIDs in filters', 'By their bytes only.'),
    row(16, 'A move to a parent that is missing', 'Told as missing.'),
    row(17, 'UPNs that clash with implicit ones', 'Checked by the relay before it issues a name.'),
    row(18, 'Several values of description', 'One only.'),
    row(19, 'Rights on single account-control bits', 'A refused bit is told as a missing right.'),
    row(20, 'Twins after a conflict of replication', 'Known by their mangled name, never guessed between.'),
  ],
};
