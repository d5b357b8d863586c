import type { Sid } from '../../ports.ts';
import { sidFromBytes } from './sid-codec.ts';

const ownerOffsetAt = 4;

/**
 * The owner in a self-relative security descriptor (MS-DTYP 2.4.6): the SID at the offset given by bytes 4 to 7.
 * Undefined where there is none.
 */
export function securityDescriptorOwner(bytes: Uint8Array): Sid | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < ownerOffsetAt + 4) return undefined;
  const offset = buffer.readUInt32LE(ownerOffsetAt);
  if (offset === 0 || offset >= buffer.length) return undefined;
  return sidFromBytes(buffer.subarray(offset));
}
