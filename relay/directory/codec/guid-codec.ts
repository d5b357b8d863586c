import type { Guid } from '../../ports.ts';

/*
 * objectGUID is 16 bytes whose first three fields are little-endian and whose last eight bytes are as written
 * (MS-DTYP 2.3.4.2): 4ecec2f4 081f 5843 abdc fe3f035af4cd is f4c2ce4e-1f08-4358-abdc-fe3f035af4cd.
 */

/** Where each byte of the text form comes from in the bytes on the wire; the order is its own inverse. */
const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

const guidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Text of 16 bytes of objectGUID; undefined where there are not 16. */
export function guidFromBytes(bytes: Uint8Array): Guid | undefined {
  if (bytes.length !== 16) return undefined;
  const hex = Buffer.from(order.map((index) => bytes[index] ?? 0)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Guid;
}

/** The 16 bytes of a GUID, for filters: Windows compares bytes only. */
export function guidToBytes(guid: Guid): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  return Buffer.from(order.map((index) => bytes[index] ?? 0));
}

/** The GUID in its one spelling (lower case, dashes); undefined where the text is none. */
export function guidFromText(text: string): Guid | undefined {
  return guidText.test(text) ? (text.toLowerCase() as Guid) : undefined;
}
