import type { Sid } from '../../ports.ts';

/*
 * A SID on the wire (MS-DTYP 2.4.2.2): revision 1, count of sub-authorities, 6-byte big-endian authority, then each
 * sub-authority as 4 bytes little-endian.
 */

const sidText = /^S-1-(\d{1,15})((?:-\d{1,10}){1,15})$/;
const headBytes = 8;

/** Text of a SID in bytes; undefined where the bytes are none. Bytes after its end are ignored. */
export function sidFromBytes(bytes: Uint8Array): Sid | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = buffer[1];
  if (count === undefined || buffer[0] !== 1 || count < 1 || count > 15) return undefined;
  if (buffer.length < headBytes + count * 4) return undefined;
  const parts = Array.from({ length: count }, (_, index) => buffer.readUInt32LE(headBytes + index * 4));
  return `S-1-${buffer.readUIntBE(2, 6)}-${parts.join('-')}` as Sid;
}

/** Bytes of a SID, for filters; throws a RangeError where the text is no SID. */
export function sidToBytes(sid: Sid): Buffer {
  const match = sidText.exec(sid);
  if (match?.[1] === undefined || match[2] === undefined) throw new RangeError('not a SID');
  const parts = match[2].slice(1).split('-').map(Number);
  const buffer = Buffer.alloc(headBytes + parts.length * 4);
  buffer.writeUInt8(1, 0);
  buffer.writeUInt8(parts.length, 1);
  buffer.writeUIntBE(Number(match[1]), 2, 6);
  for (const [index, part] of parts.entries()) buffer.writeUInt32LE(part, headBytes + index * 4);
  return buffer;
}

/** The SID as it is spelled by the directory; undefined where the text is none. */
export function sidFromText(text: string): Sid | undefined {
  const upper = text.trim().toUpperCase();
  const match = sidText.exec(upper);
  if (match?.[2] === undefined || Number(match[1]) >= 2 ** 48) return undefined;
  return match[2]
    .slice(1)
    .split('-')
    .every((part) => Number(part) < 2 ** 32)
    ? (upper as Sid)
    : undefined;
}
