/** Cloud SID of an object: `S-1-12-1-` and the four 32-bit words of the GUID in its little-endian byte order. */
export function securityIdentifierOf(id: string): string {
  const hex = id.replaceAll('-', '');
  const bytes = Buffer.from(hex, 'hex');
  const little = Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8),
  ]);
  const words = [0, 4, 8, 12].map((offset) => little.readUInt32LE(offset));
  return `S-1-12-1-${words.join('-')}`;
}
