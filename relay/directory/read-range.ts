import type { Guid } from '../ports.ts';
import { guidDn } from './codec/dn.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { extendedDn } from './controls.ts';
import type { LdapEntry } from './ldap-entry.ts';
import { searchOne } from './search-directory.ts';

type Part = { values: string[]; next: number | undefined };

/**
 * All values of a DN-valued attribute in extended form (`<GUID=…>;<SID=…>;…`), however many; undefined where the entry is
 * gone.
 *
 * Windows gives at most 1,500 values at a time (MaxValRange) under a name like `member;range=0-1499`, with the plain name empty;
 * Samba gives all of them. So the range is always asked for, and the upper end is taken from the name that came back.
 */
export async function readRange(
  pool: ConnectionPool,
  target: { guid: Guid; attribute: string },
): Promise<string[] | undefined> {
  const values: string[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const name: string = `${target.attribute};range=${from}-*`;
    const found = await searchOne(pool, {
      base: guidDn(target.guid),
      attributes: [name],
      controls: () => [extendedDn()],
    });
    if (found === undefined) return undefined;
    const part: Part = partOf(found, target.attribute);
    values.push(...part.values);
    from = part.next;
  }
  return values;
}

function partOf(found: LdapEntry, attribute: string): Part {
  const plain = attribute.toLowerCase();
  const range = new RegExp(`^${plain};range=(\\d+)-(\\d+|\\*)$`);
  for (const name of found.names) {
    const upper = range.exec(name)?.[2];
    if (upper === undefined) continue;
    const values = found.texts(name);
    // ldapts fills in the name that was asked for as an empty list where the server answered under another one.
    if (values.length > 0) return { values, next: upper === '*' ? undefined : Number(upper) + 1 };
  }
  return { values: found.texts(plain), next: undefined };
}
