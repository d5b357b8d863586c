import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/**
 * One certificate authority per stack, alive only as long as the process that made it: its key never touches a disk, so the
 * certificate can be handed to clients (NODE_EXTRA_CA_CERTS, DIRECTORY_CA_FILE) without anybody being able to abuse that trust.
 * EC P-256 everywhere: quick to make, and accepted by Node and by Samba's GnuTLS (key as PKCS#8).
 */
export type Authority = {
  certificatePem: string;
  issue(subject: Subject): Promise<Issued>;
};

/** Who a certificate is for: common name, and the DNS names and IP addresses of its subject alternative name. */
export type Subject = { commonName: string; dnsNames: readonly string[]; ips: readonly string[] };

/** A server certificate and its private key (PKCS#8), both PEM. */
export type Issued = { certificatePem: string; keyPem: string };

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' };
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
const lifetimeMs = 30 * 24 * 3_600_000;
const skewMs = 3_600_000;

/** Makes a certificate authority with a fresh key. */
export async function makeAuthority(): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=entra-writeback local stack',
    ...validity(),
    keys,
    signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    issue: (subject) => issue({ certificate, privateKey: keys.privateKey }, subject),
  };
}

type Issuer = { certificate: x509.X509Certificate; privateKey: webcrypto.CryptoKey };

async function issue(issuer: Issuer, subject: Subject): Promise<Issued> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [subject.commonName] }],
    issuer: issuer.certificate.subject,
    ...validity(),
    publicKey: keys.publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...subject.dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...subject.ips.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: `${certificate.toString('pem')}\n`, keyPem: await privateKeyPem(keys.privateKey) };
}

const generateKeys = () => webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);

const validity = () => ({
  notBefore: new Date(Date.now() - skewMs),
  notAfter: new Date(Date.now() + lifetimeMs),
});

/** 16 random bytes; the first bit clear, as a serial number is a positive integer (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}
