import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publicKeyFrom, sealPassword } from '../../../relay/apply/seal-password.ts';

/** A tool of whoever opens a sealed password; the relay itself needs none. */
const openssl = 'openssl';

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
        openssl,
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
});
