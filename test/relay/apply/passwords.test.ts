import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomPassword } from '../../../relay/apply/random-password.ts';
import { readablePassword } from '../../../relay/apply/readable-password.ts';
import { publicKeyFrom, sealPassword } from '../../../relay/apply/seal-password.ts';

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
  it('[users.account.sealed-password] is opened by openssl with the options of the documentation', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealed-'));
    try {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
      const key = publicKeyFrom(publicKey.export({ type: 'spki', format: 'pem' }).toString());
      if (typeof key === 'string') throw new Error(key);
      writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const options = ['-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', 'rsa_oaep_md:sha256'];
      const opened = execFileSync(
        'openssl',
        ['pkeyutl', '-decrypt', '-inkey', join(folder, 'key.pem'), ...options],
        {
          input: Buffer.from(sealPassword('Kp7w-Rm4c', key), 'base64'),
        },
      );
      expect(opened.toString()).toBe('Kp7w-Rm4c');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

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
