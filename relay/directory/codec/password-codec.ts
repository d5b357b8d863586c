/**
 * Bytes of `unicodePwd`: the password between double quotes as UTF-16LE without a byte-order mark (MS-ADTS 3.1.1.3.1.5.1).
 */
export function passwordBytes(password: string): Uint8Array {
  return Buffer.from(`"${password}"`, 'utf16le');
}
