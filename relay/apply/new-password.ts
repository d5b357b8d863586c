import type { KeyObject } from 'node:crypto';
import { passwordBytes } from '../directory/codec/password-codec.ts';
import { randomPassword } from './random-password.ts';
import { readablePassword } from './readable-password.ts';
import { sealPassword } from './seal-password.ts';
import type { NewPassword } from './workplace.ts';

/** Makes first passwords: ones that nobody ever knows or, where there is a key to seal them to, ones to be read once. */
export function newPasswords(
  randomBytes: (count: number) => Uint8Array,
  key: KeyObject | undefined,
): () => NewPassword {
  if (key === undefined) return () => ({ bytes: passwordBytes(randomPassword(randomBytes)) });
  return () => {
    const password = readablePassword(randomBytes);
    return { bytes: passwordBytes(password), sealed: sealPassword(password, key) };
  };
}
