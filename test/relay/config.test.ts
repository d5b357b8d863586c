import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigProblems, readConfig, redactedConfig } from '../../relay/config.ts';

const complete = {
  SERVICEBUS: 'Endpoint=sb://bus.example/;SharedAccessKeyName=x;SharedAccessKey=bus-secret',
  DIRECTORY_URL: 'ldaps://dc.wb.example',
  DIRECTORY_BIND_NAME: 'svc@wb.example',
  DIRECTORY_PASSWORD: 'directory-secret',
  DIRECTORY_DESTINATION: 'OU=Cloud,DC=wb,DC=example',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (thrown) {
    return thrown instanceof ConfigProblems ? thrown.problems : [String(thrown)];
  }
}

const pemOf = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe('the configuration', () => {
  it('has defaults for everything that needs no decision', () => {
    expect(readConfig(complete)).toMatchObject({
      DIRECTORY_TIMEOUT_MS: 10_000,
      DIRECTORY_CONNECTIONS: 4,
      RELAY_LANES: 16,
      RELAY_LANE_IDLE_MS: 1_000,
      DIRECTORY_ACCEPTED_OWNERS: [],
      DIRECTORY_EXTRA_ATTRIBUTES: [],
      RELAY_NEW_ACCOUNT: 'random-password',
    });
    expect(readConfig(complete)).not.toHaveProperty('DIRECTORY_LEAVERS');
  });

  it('reports every problem at once, by name and without values', () => {
    const problems = problemsOf({
      ...complete,
      DIRECTORY_URL: 'ldap://plain',
      RELAY_LANES: '0',
      DIRECTORY_PASSWORD: '',
      DIRECTORY_LEAVERS: 'no-dn',
      DIRECTORY_EXTRA_ATTRIBUTES: 'roomNumber, sIDHistory',
      RELAY_NEW_ACCOUNT: 'sealed-password',
      RELAY_UPN_SUFFIX: 'two words',
      SERVICEBUS: '',
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'DIRECTORY_EXTRA_ATTRIBUTES',
      'DIRECTORY_LEAVERS',
      'DIRECTORY_PASSWORD',
      'DIRECTORY_URL',
      'RELAY_LANES',
      'RELAY_PASSWORD_KEY_FILE',
      'RELAY_UPN_SUFFIX',
      'SERVICEBUS',
    ]);
    expect(problems.join()).not.toMatch(/plain|no-dn|two words/);
  });

  it('wants Service Bus by connection string or by namespace', () => {
    const { SERVICEBUS: _, ...rest } = complete;
    expect(problemsOf(rest)).toHaveLength(1);
    expect(problemsOf({ ...rest, SERVICEBUS__fullyQualifiedNamespace: 'bus.example' })).toEqual([]);
  });

  it('takes secrets from files', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'from-a-file\n');
    const { DIRECTORY_PASSWORD: _, ...rest } = complete;
    expect(readConfig({ ...rest, DIRECTORY_PASSWORD_FILE: file }).DIRECTORY_PASSWORD).toBe('from-a-file');
    expect(problemsOf({ ...complete, DIRECTORY_PASSWORD_FILE: file })).toHaveLength(1);
    expect(problemsOf({ ...rest, DIRECTORY_PASSWORD_FILE: join(folder, 'none') })).toEqual([
      'DIRECTORY_PASSWORD_FILE: cannot be read',
    ]);
  });

  it('does not fail for a setting of telemetry, nor tell it: that must not stop the relay', () => {
    const telemetry = {
      APPLICATIONINSIGHTS_CONNECTION_STRING: 'IngestionEndpoint=http://plain.example/',
      APPLICATIONINSIGHTS_CONNECTION_STRING_FILE: join(folder, 'none'),
      TELEMETRY_SAMPLING_RATIO: '2',
    };
    const config = readConfig({ ...complete, ...telemetry });
    expect(config).toEqual(readConfig(complete));
    expect(config).toMatchObject({ RELAY_HEARTBEAT_MS: 60_000 });
  });

  it('takes SIDs of accepted owners', () => {
    const owners = 'S-1-5-21-1-2-3-512, S-1-5-21-1-2-3-1105';
    expect(readConfig({ ...complete, DIRECTORY_ACCEPTED_OWNERS: owners }).DIRECTORY_ACCEPTED_OWNERS).toEqual([
      'S-1-5-21-1-2-3-512',
      'S-1-5-21-1-2-3-1105',
    ]);
    expect(problemsOf({ ...complete, DIRECTORY_ACCEPTED_OWNERS: 'Domain Admins' })).toHaveLength(1);
  });

  it("[users.leaving.leavers-ou] knows the leavers' OU, which is another one than the destination", () => {
    const leavers = 'OU=Leavers,DC=wb,DC=example';
    expect(readConfig({ ...complete, DIRECTORY_LEAVERS: leavers }).DIRECTORY_LEAVERS).toBe(leavers);
    expect(problemsOf({ ...complete, DIRECTORY_LEAVERS: 'ou=cloud,dc=wb,dc=EXAMPLE' })).toHaveLength(1);
  });

  it('[users.not-ours] takes harmless extra attributes only', () => {
    const names = 'roomNumber, contosoBadge,msDS-cloudExtensionAttribute3';
    expect(readConfig({ ...complete, DIRECTORY_EXTRA_ATTRIBUTES: names }).DIRECTORY_EXTRA_ATTRIBUTES).toEqual(
      ['roomNumber', 'contosoBadge', 'msDS-cloudExtensionAttribute3'],
    );
  });

  it.each([
    ['unicodePwd', 'userPassword', 'dBCSPwd', 'userAccountControl', 'pwdLastSet', 'lockoutTime'],
    ['servicePrincipalName', 'msDS-AllowedToDelegateTo', 'msDS-AllowedToActOnBehalfOfOtherIdentity'],
    ['publicDelegates', 'altRecipient', 'deliverAndRedirect', 'authOrig', 'unauthOrig', 'PUBLICDELEGATES'],
    ['dLMemSubmitPerms', 'dLMemRejectPerms', 'autoReply', 'protocolSettings', 'mDBOverQuotaLimit'],
    [
      'sshPublicKey',
      'sshPublicKeys',
      'sudoCommand',
      'krbPrincipalKey',
      'sambaNTPassword',
      'shadowLastChange',
    ],
    ['msDS-KeyCredentialLink', 'altSecurityIdentities', 'userCertificate', 'sIDHistory', 'primaryGroupID'],
    [
      'nTSecurityDescriptor',
      'objectSid',
      'adminCount',
      'member',
      'memberOf',
      'groupType',
      'managedBy',
      'manager',
    ],
    ['proxyAddresses', 'targetAddress', 'showInAddressBook', 'msExchHomeServerName', 'mailNickname'],
    ['legacyExchangeDN', 'scriptPath', 'profilePath', 'homeDirectory', 'userWorkstations', 'userParameters'],
    ['adminDescription', 'msDS-ExternalDirectoryObjectId', 'mS-DS-ConsistencyGuid', 'MSDS-OBJECTSOA'],
    [
      'ms-Mcs-AdmPwd',
      'msLAPS-Password',
      'msTSInitialProgram',
      'gPLink',
      'sAMAccountName',
      'userPrincipalName',
      'cn',
    ],
  ])('[users.not-ours] never takes %s and the like', (...names) => {
    for (const name of names) {
      const problems = problemsOf({ ...complete, DIRECTORY_EXTRA_ATTRIBUTES: `roomNumber,${name}` });
      expect(problems).toEqual([`DIRECTORY_EXTRA_ATTRIBUTES: ${name} is never written`]);
    }
    expect(problemsOf({ ...complete, DIRECTORY_EXTRA_ATTRIBUTES: 'a b' })).toHaveLength(1);
  });

  it('[users.account.sealed-password] checks the key that passwords are sealed to at start', () => {
    const file = join(folder, 'key.pem');
    const sealed = { ...complete, RELAY_NEW_ACCOUNT: 'sealed-password', RELAY_PASSWORD_KEY_FILE: file };
    expect(problemsOf(sealed)).toEqual(['RELAY_PASSWORD_KEY_FILE: cannot be read']);
    writeFileSync(file, pemOf(1_024));
    expect(problemsOf(sealed)).toEqual(['RELAY_PASSWORD_KEY_FILE: is no RSA key of 2048 bits or more']);
    writeFileSync(file, pemOf(2_048));
    expect(readConfig(sealed).passwordKey?.asymmetricKeyType).toBe('rsa');
    expect(JSON.stringify(redactedConfig(readConfig(sealed)))).not.toContain('PUBLIC KEY');
    expect(problemsOf({ ...complete, RELAY_PASSWORD_KEY_FILE: file })).toHaveLength(1);
  });

  it.each(['must-change', 'smart-card'])('knows how a new account begins: %s', (mode) => {
    expect(readConfig({ ...complete, RELAY_NEW_ACCOUNT: mode }).RELAY_NEW_ACCOUNT).toBe(mode);
    expect(problemsOf({ ...complete, RELAY_NEW_ACCOUNT: `${mode}s` })).toHaveLength(1);
  });

  it('refuses debug output that prints passwords', () => {
    expect(problemsOf({ ...complete, NODE_DEBUG: 'http,ldapts' })).toHaveLength(1);
    expect(problemsOf({ ...complete, NODE_DEBUG: 'http' })).toEqual([]);
  });

  it('is logged without its secrets', () => {
    const text = JSON.stringify(redactedConfig(readConfig(complete)));
    expect(text).not.toContain('secret');
    expect(text).toContain('OU=Cloud');
  });
});
