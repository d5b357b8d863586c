import { constants, createPublicKey, type KeyObject, publicEncrypt } from 'node:crypto';

const leastBits = 2_048;

/** What is wrong with the text of a key file; never a word of the text itself. */
export type KeyProblem =
  | 'holds no PEM public key'
  | 'holds a private key'
  | 'is no RSA key of 2048 bits or more';

/** The public key in a PEM text (RSA, at least 2048 bits), or why there is none. */
export function publicKeyFrom(pem: string): KeyObject | KeyProblem {
  if (/PRIVATE KEY-----/.test(pem)) return 'holds a private key';
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    return 'holds no PEM public key';
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return key.asymmetricKeyType === 'rsa' && bits >= leastBits ? key : 'is no RSA key of 2048 bits or more';
}

/**
 * A password sealed with RSA-OAEP (SHA-256, also in MGF1; RFC 8017), in base64. Whoever has the private key opens it with
 * `openssl pkeyutl -decrypt -inkey key.pem -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256`.
 */
export function sealPassword(password: string, key: KeyObject): string {
  const sealing = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  return publicEncrypt(sealing, Buffer.from(password, 'utf8')).toString('base64');
}
