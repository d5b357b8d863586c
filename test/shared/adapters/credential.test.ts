import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import { describe, expect, it } from 'vitest';
import { credentialFor } from '../../../shared/adapters/credential.ts';

const endpoint = { IDENTITY_ENDPOINT: 'http://localhost:40342/metadata/identity/oauth2/token' };
const certificate = {
  AZURE_TENANT_ID: 'tenant',
  AZURE_CLIENT_ID: 'application',
  AZURE_CLIENT_CERTIFICATE_PATH: '/etc/entra-writeback/identity.pem',
};

describe('the identity of a process', () => {
  it.each([
    ['that of the platform', endpoint, ManagedIdentityCredential],
    ['what the environment gives, where the platform offers none', {}, DefaultAzureCredential],
    ['a certificate', certificate, DefaultAzureCredential],
    [
      'a certificate, on a machine with an agent too',
      { ...endpoint, ...certificate },
      DefaultAzureCredential,
    ],
  ])('is %s', (_, environment, kind) => {
    expect(credentialFor(undefined, environment)).toBeInstanceOf(kind);
    expect(credentialFor('0000', environment)).toBeInstanceOf(kind);
  });
});
