import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyAnswer, diagnosticOf, type Operation } from '../../../relay/directory/diagnostic.ts';
import { type ErrorCode, errorCodes } from '../../../shared/errors.ts';

const windows = (win32: string, attribute?: string): string =>
  `${win32}: AtrErr: DSID-03151234, #1:\n\t0: ${win32}: DSID-03151234, problem 1005 (CONSTRAINT_ATT_TYPE), data 0${attribute === undefined ? '' : `, Att 90290 (${attribute})`}\n\0`;

/** The table of reference/ad-ldap.md C.2: operation, result code, what Windows and what Samba say, our code. */
const table: [Operation, number, string, ErrorCode][] = [
  ['add', 68, windows('00002071'), 'name-taken'],
  ['add', 68, '00002071: Entry CN=x,DC=y already exists', 'name-taken'],
  ['add', 68, windows('00000524'), 'name-taken'],
  ['add', 68, windows('00000526'), 'name-taken'],
  ['add', 68, "00002071: samldb: samAccountName 'x' already in use!", 'name-taken'],
  ['modify', 19, windows('000021C8', 'userPrincipalName'), 'upn-taken'],
  ['modify', 19, "0000202F: samldb: userPrincipalName 'x' is already in use", 'upn-taken'],
  ['add', 68, "00002071: userPrincipalName 'x@y' is already in use", 'upn-taken'],
  ['modify', 19, windows('00002082', 'givenName'), 'value-refused'],
  ['modify', 21, '0000200B: attribute givenName contains at least one invalid value', 'value-refused'],
  ['modify', 19, windows('00002081'), 'value-refused'],
  ['modify', 20, windows('00002083'), 'value-refused'],
  ['modify', 19, windows('000020B5'), 'member-missing'],
  ['modify', 16, windows('00000057'), 'schema-missing'],
  ['modify', 65, windows('0000207D'), 'schema-missing'],
  ['modify', 32, windows('0000208D'), 'entry-missing'],
  ['search', 32, windows('0000208D'), 'entry-missing'],
  ['add', 32, windows('00002089'), 'destination-missing'],
  ['modify', 50, windows('00002098'), 'rights-missing'],
  ['modify', 53, windows('0000052D'), 'password-refused'],
  ['modify', 19, '0000052D: Constraint violation - check_password_restrictions', 'password-refused'],
  ['modify', 53, windows('0000001F'), 'directory-refused'],
  ['modify', 53, windows('000020E7'), 'directory-refused'],
  ['modify', 53, windows('00002149', 'groupType'), 'group-is-primary'],
  ['modify', 19, windows('00002149', 'groupType'), 'group-is-primary'],
  ['delete', 53, windows('0000055E'), 'group-is-primary'],
  ['delete', 68, '00002071: ', 'group-is-primary'],
  ['add', 53, windows('00002010'), 'directory-busy'],
  ['rename', 34, windows('0000208F'), 'value-refused'],
  ['delete', 66, windows('00002015'), 'entry-has-children'],
  ['modify', 67, windows('00002016'), 'directory-refused'],
  ['search', 1, windows('000004DC'), 'directory-unavailable'],
  ['modify', 1, windows('00002095'), 'directory-refused'],
  ['bind', 8, windows('00002028'), 'credentials-refused'],
  [
    'bind',
    49,
    '80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, data 52e, v4563',
    'credentials-refused',
  ],
  ['modify', 10, windows('0000202B'), 'directory-refused'],
  ['modify', 51, windows('0000200E'), 'directory-busy'],
  ['modify', 52, windows('0000200F'), 'directory-busy'],
  ['search', 3, windows('00002022'), 'directory-busy'],
  ['modify', 80, windows('00002095'), 'directory-refused'],
];

describe('classifyAnswer', () => {
  test.each(table)('%s: result %i, %j is %s', (operation, resultCode, text, code) => {
    expect(classifyAnswer({ resultCode, text }, operation)).toBe(code);
  });

  test('has a code of ours for every answer', () => {
    const operations: Operation[] = ['bind', 'search', 'add', 'modify', 'rename', 'delete'];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.string(),
        fc.constantFrom(...operations),
        (resultCode, text, operation) => errorCodes.includes(classifyAnswer({ resultCode, text }, operation)),
      ),
    );
  });
});

describe('diagnosticOf', () => {
  test('keeps the number and the attribute that Windows names', () => {
    expect(diagnosticOf(windows('000021C8', 'userPrincipalName'))).toEqual({
      win32: '000021C8',
      attribute: 'userPrincipalName',
    });
  });

  test('keeps nothing that Samba quotes', () => {
    const text = "00002071: samldb: samAccountName 'secret' (secret) already in use!";
    expect(diagnosticOf(text)).toEqual({ win32: '00002071', attribute: undefined });
    expect(diagnosticOf('objectclass_attrs: attribute (secret)')).toEqual({
      win32: undefined,
      attribute: undefined,
    });
  });
});
