import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { randomPassword } from '../../../relay/apply/random-password.ts';
import { readablePassword } from '../../../relay/apply/readable-password.ts';
import { publicKeyFrom } from '../../../relay/apply/seal-password.ts';

const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/];
const isComplex = (text: string) => classes.every((each) => each.test(text));

describe('a readable password', () => {
  it('[users.account.sealed-password] is long, complex, never the same and has no two characters that look alike', () => {
    const made = Array.from({ length: 300 }, () => readablePassword(randomBytes));
    expect(new Set(made).size).toBe(made.length);
    for (const password of made) {
      expect(password.length).toBeGreaterThanOrEqual(20);
      expect(isComplex(password)).toBe(true);
      expect(password).not.toMatch(/[0Oo1lI5S2Z]/);
    }
  });

  it('is drawn again where one kind of character did not come up', () => {
    let drawn = 0;
    const lucky = (count: number) =>
      drawn++ < 5 ? new Uint8Array(count) : Uint8Array.from(randomBytes(count));
    expect(isComplex(readablePassword(lucky))).toBe(true);
  });
});

describe('a random password', () => {
  it('[users.account.password] is complex and never the same', () => {
    const made = Array.from({ length: 100 }, () => randomPassword(randomBytes));
    expect(new Set(made).size).toBe(made.length);
    expect(made.every(isComplex)).toBe(true);
  });
});

describe('a sealed password', () => {
  it.each([
    ['nonsense', 'holds no PEM public key'],
    [
      generateKeyPairSync('rsa', { modulusLength: 1_024 })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
      'is no RSA key of 2048 bits or more',
    ],
    [
      generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'is no RSA key of 2048 bits or more',
    ],
    [
      generateKeyPairSync('rsa', { modulusLength: 2_048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
      'holds a private key',
    ],
  ])('[users.account.sealed-password] is sealed to no other key (%#)', (pem, problem) => {
    expect(publicKeyFrom(pem)).toBe(problem);
  });
});
