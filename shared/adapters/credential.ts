import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';

/**
 * The identity of this process: the managed identity where the platform offers one (IDENTITY_ENDPOINT, as App Service, Functions and
 * the agent of Azure Arc do), else what the environment or the developer's sign-in gives. Whoever names a certificate means that one,
 * on a machine with an agent too. `clientId` names a user-assigned identity.
 */
export function credentialFor(
  clientId: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): TokenCredential {
  const hasEndpoint = environment['IDENTITY_ENDPOINT'] !== undefined;
  if (!hasEndpoint || environment['AZURE_CLIENT_CERTIFICATE_PATH'] !== undefined)
    return new DefaultAzureCredential();
  return clientId === undefined
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId });
}
