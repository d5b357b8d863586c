import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';

/**
 * The identity of this process: the managed identity where the platform offers one (IDENTITY_ENDPOINT, as App Service and
 * Functions do), else whatever the developer is signed in with. `clientId` names a user-assigned identity.
 */
export function credentialFor(
  clientId: string | undefined,
  hasIdentityEndpoint: boolean = process.env['IDENTITY_ENDPOINT'] !== undefined,
): TokenCredential {
  if (!hasIdentityEndpoint) return new DefaultAzureCredential();
  return clientId === undefined
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId });
}
