/** No 0 and O, no 1, l and I, no 5 and S, no 2 and Z: somebody reads it from paper. */
const upper = 'ABCDEFGHJKLMNPQRTUVWXY';
const lower = 'abcdefghijkmnpqrstuvwxyz';
const digits = '346789';
const alphabet = upper + lower + digits;

/** Five groups of five and four dashes: 29 characters, some 140 bits. */
const groups = 5;
const perGroup = 5;

/**
 * A random password that a person can read and type. It always has upper case, lower case, digits and a symbol, so that every complexity
 * rule is content. `randomBytes` must be a cryptographic source.
 */
export function readablePassword(randomBytes: (count: number) => Uint8Array): string {
  for (;;) {
    const text = Array.from({ length: groups }, () => characters(perGroup, randomBytes)).join('-');
    const isComplex = [upper, lower, digits].every((kind) => [...kind].some((one) => text.includes(one)));
    if (isComplex) return text;
  }
}

/** Bytes beyond the last whole multiple of the alphabet are drawn again: each character is as likely as any other. */
function characters(count: number, randomBytes: (count: number) => Uint8Array): string {
  const usable = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < count)
    for (const byte of randomBytes(count - text.length))
      if (byte < usable) text += alphabet.charAt(byte % alphabet.length);
  return text;
}
