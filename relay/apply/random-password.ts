/** Length of a password in characters: 96 of 64 kinds are 576 bits. Windows takes up to 256. */
const length = 96;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A password that nobody knows. It ends in one of each kind of character, so that every complexity rule is content.
 * `randomBytes` must be a cryptographic source.
 */
export function randomPassword(randomBytes: (count: number) => Uint8Array): string {
  const text = [...randomBytes(length)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
  return `${text}aA1-`;
}
