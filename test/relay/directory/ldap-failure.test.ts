import { AlreadyExistsError, UnknownStatusCodeError } from 'ldapts';
import { describe, expect, test } from 'vitest';
import { ldapFailure } from '../../../relay/directory/ldap-failure.ts';
import { WritebackError } from '../../../shared/errors.ts';

describe('ldapFailure', () => {
  test('keeps no text of the server, which quotes values', () => {
    const foreign = new AlreadyExistsError("00002071: samldb: samAccountName 'secret' already in use!\n\0");
    const ours = ldapFailure(foreign, 'add');
    expect(ours.code).toBe('name-taken');
    expect(ours.message).toMatch(/\(add: result 68, 00002071\)$/);
    expect(ours.cause).toBeUndefined();
  });

  test.each([
    'Connection timeout',
    'ModifyRequest: Operation timed out',
    'Connection closed before message response was received. Message type: BindRequest (0x60)',
    'Socket connection not established',
  ])('directory-unavailable: %s', (message) => {
    expect(ldapFailure(new Error(message), 'modify').code).toBe('directory-unavailable');
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EHOSTUNREACH'])(
    'directory-unavailable: %s',
    (code) => {
      expect(ldapFailure(Object.assign(new Error('x'), { code }), 'bind').code).toBe('directory-unavailable');
    },
  );

  // Codes of Node's tls documentation, "X509 certificate error codes", and of checkServerIdentity.
  test.each([
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REVOKED',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'HOSTNAME_MISMATCH',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('directory-untrusted: %s', (code) => {
    expect(ldapFailure(Object.assign(new Error('x'), { code }), 'bind').code).toBe('directory-untrusted');
  });

  test('our own errors stay what they are, and mistakes in our code are defects', () => {
    const ours = new WritebackError('upn-taken');
    expect(ldapFailure(ours, 'modify')).toBe(ours);
    expect(ldapFailure(new TypeError('x is undefined'), 'modify').code).toBe('defect');
  });

  test('a result code that nobody knows is refused, not retried', () => {
    expect(ldapFailure(new UnknownStatusCodeError(123, 'x'), 'modify').code).toBe('directory-refused');
  });
});
