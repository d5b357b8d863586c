/**
 * Random characters before the fixed ones: 60 of 64 kinds are 360 bits. The whole is 64 bytes, one block of HMAC-SHA1: every byte
 * more doubles what deriving the Kerberos keys (RFC 3962, 4096 rounds) costs the domain controller.
 */
const randomCharacters = 60;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A password that nobody knows. It ends in one of each kind of character, so that every complexity rule is content.
 * `randomBytes` must be a cryptographic source.
 */
export function randomPassword(randomBytes: (count: number) => Uint8Array): string {
  const text = [...randomBytes(randomCharacters)].map((byte) => alphabet.charAt(byte % alphabet.length));
  return `${text.join('')}aA1-`;
}
