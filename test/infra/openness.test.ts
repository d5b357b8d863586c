import { describe, expect, it } from 'vitest';
import { opennessProblems } from './openness-problems.ts';
import { type Environment, environments, infraFile, readSnapshot, theOnly } from './snapshot.ts';

const storage = 'Microsoft.Storage/storageAccounts';
const bus = 'Microsoft.ServiceBus/namespaces';
const publishing = 'Microsoft.Web/sites/basicPublishingCredentialsPolicies';
const settings = 'Microsoft.Web/sites/config';

/** What is found in a snapshot after the first resource of a type got other properties. */
function foundAfter(
  type: string,
  properties: Record<string, unknown>,
  environment: Environment = 'dev',
): string[] {
  const snapshot = readSnapshot(environment);
  const resource = snapshot.predictedResources.find((one) => one.type === type);
  if (resource === undefined) throw new Error(`no ${type}`);
  Object.assign(resource.properties, properties);
  return opennessProblems(snapshot);
}

describe('what is closed', () => {
  it.each(environments)('%s has no key, no shared secret and no way in that nothing needs', (environment) => {
    expect(opennessProblems(readSnapshot(environment))).toEqual([]);
  });

  it('the template itself asks for no key, in whatever parameters it is deployed with', () => {
    expect(infraFile('main.json')).not.toMatch(
      /list(Account|Service)?(Keys|Sas|Secrets)\(|AccountKey=|SharedAccessKey/i,
    );
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['keys of storage', storage, { allowSharedKeyAccess: true }],
    ['a property that was dropped', storage, { allowSharedKeyAccess: undefined }],
    ['a public container', `${storage}/blobServices/containers`, { publicAccess: 'Blob' }],
    ['keys of Service Bus', bus, { disableLocalAuth: false }],
    ['keys of Application Insights', 'Microsoft.Insights/components', { DisableLocalAuth: false }],
    ['plain http', 'Microsoft.Web/sites', { httpsOnly: false }],
    ['passwords for publishing', publishing, { allow: true }],
    ['a key in a setting', settings, { NOTIFICATION_URL: 'https://a.example/x?code=k' }],
    ['a key that is asked for', settings, { STATE: "[listKeys('x', '2026-04-01')]" }],
  ])('finds %s', (_, type, properties) => {
    expect(foundAfter(type, properties)).toHaveLength(1);
  });

  it('finds a policy that is gone, because without it passwords are allowed', () => {
    const { predictedResources } = readSnapshot('dev');
    expect(
      opennessProblems({ predictedResources: predictedResources.filter(({ type }) => type !== publishing) }),
    ).toHaveLength(2);
  });

  it('finds a resource that nobody has thought about', () => {
    const { predictedResources } = readSnapshot('dev');
    const type = 'Microsoft.Network/publicIPAddresses';
    const grown = [...predictedResources, { id: '/x', name: 'x', type, properties: {} }];
    expect(opennessProblems({ predictedResources: grown })).toEqual([`unknown: ${type}`]);
  });

  it('finds a Premium namespace whose network was forgotten', () => {
    const { name } = theOnly(readSnapshot('premium'), bus);
    expect(foundAfter('Microsoft.Web/sites', { virtualNetworkSubnetId: null }, 'premium')).toContain(
      `${name} is Premium, and public`,
    );
  });

  it('finds a service that is public beside a private network, and one without an endpoint in it', () => {
    const { predictedResources } = readSnapshot('premium');
    const { name } = theOnly({ predictedResources }, bus);
    expect(foundAfter(bus, { publicNetworkAccess: 'Enabled' }, 'premium')).toEqual([`${name} is public`]);
    const rest = predictedResources.filter(
      (one) => one.type !== 'Microsoft.Network/privateEndpoints' || !one.name.includes(name),
    );
    expect(opennessProblems({ predictedResources: rest })).toEqual([`${name} has no private endpoint`]);
  });
});
