/** A security identifier as text, `S-1-5-21-…` (MS-DTYP 2.4.2.2: revision, count, 48-bit authority, 32-bit parts). */
export function sidText(bytes: Buffer): string {
  const parts = Array.from({ length: bytes.readUInt8(1) }, (_, at) => bytes.readUInt32LE(8 + at * 4));
  return ['S', bytes.readUInt8(0), bytes.readUIntBE(2, 6), ...parts].join('-');
}
