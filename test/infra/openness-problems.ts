import { at, ofType, type Resource, type Snapshot } from './snapshot.ts';

/** What the deployment consists of. A type that is not here is something nobody has thought about. */
const knownTypes = [
  'Microsoft.Authorization/roleAssignments',
  'Microsoft.Graph/appRoleAssignedTo@v1.0',
  'Microsoft.Insights/actionGroups',
  'Microsoft.Insights/components',
  'Microsoft.Insights/metricAlerts',
  'Microsoft.Insights/scheduledQueryRules',
  'Microsoft.Insights/workbooks',
  'Microsoft.ManagedIdentity/userAssignedIdentities',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
  'Microsoft.OperationalInsights/workspaces',
  'Microsoft.ServiceBus/namespaces',
  'Microsoft.ServiceBus/namespaces/queues',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Storage/storageAccounts/blobServices',
  'Microsoft.Storage/storageAccounts/blobServices/containers',
  'Microsoft.Storage/storageAccounts/tableServices',
  'Microsoft.Storage/storageAccounts/tableServices/tables',
  'Microsoft.Web/serverfarms',
  'Microsoft.Web/sites',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies',
  'Microsoft.Web/sites/config',
];

/** What a type must have, by path. */
const closed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': false,
    'properties.allowBlobPublicAccess': false,
    'properties.allowCrossTenantReplication': false,
    'properties.minimumTlsVersion': 'TLS1_2',
    'properties.supportsHttpsTrafficOnly': true,
  },
  'Microsoft.Storage/storageAccounts/blobServices/containers': { 'properties.publicAccess': 'None' },
  'Microsoft.ServiceBus/namespaces': {
    'properties.disableLocalAuth': true,
    'properties.minimumTlsVersion': '1.2',
  },
  'Microsoft.Insights/components': { 'properties.DisableLocalAuth': true },
  'Microsoft.OperationalInsights/workspaces': { 'properties.features.disableLocalAuth': true },
  'Microsoft.Web/sites': {
    'identity.type': 'UserAssigned',
    'properties.httpsOnly': true,
    'properties.siteConfig.ftpsState': 'Disabled',
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.functionAppConfig.deployment.storage.authentication.type': 'UserAssignedIdentity',
  },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { 'properties.allow': false },
};

/** Words that only a key, or the way to one, brings in. */
const keyWords =
  /list(Account|Service)?(Keys|Sas|Secrets)\b|AccountKey=|SharedAccess|[?&](code|sig)=|authorizationRules/i;

/** No key, no shared secret, no way in that nothing needs. */
export function opennessProblems(snapshot: Snapshot): string[] {
  const { predictedResources } = snapshot;
  return [
    ...predictedResources.flatMap(({ type }) => (knownTypes.includes(type) ? [] : `unknown: ${type}`)),
    ...predictedResources.flatMap(settingsThatOpen),
    ...predictedResources.flatMap((resource) => {
      const word = keyWords.exec(JSON.stringify(resource))?.[0];
      return word === undefined ? [] : `${resource.type} speaks of ${word}`;
    }),
    ...publishingProblems(snapshot),
    ...networkProblems(snapshot),
  ];
}

function settingsThatOpen(resource: Resource): string[] {
  return Object.entries(closed[resource.type] ?? {}).flatMap(([path, wanted]) =>
    at(resource, path) === wanted ? [] : `${resource.name}: ${path} is ${String(at(resource, path))}`,
  );
}

/** A policy that is not there is one that allows. */
function publishingProblems(snapshot: Snapshot): string[] {
  const names = ofType(snapshot, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies').map(({ name }) =>
    name.split('/').at(-1),
  );
  return ['scm', 'ftp'].flatMap((name) =>
    names.includes(name) ? [] : `passwords for publishing are allowed: ${name}`,
  );
}

/** Premium is what the ready-made parameters have for private endpoints only. */
const premiumBuses = (snapshot: Snapshot): Resource[] =>
  ofType(snapshot, 'Microsoft.ServiceBus/namespaces').filter((bus) => at(bus, 'sku.name') === 'Premium');

/**
 * The webhook is public: Graph calls it. The rest is only where the app has no network of its own; with one, each service that has a
 * private endpoint is reached through that alone.
 */
function networkProblems(snapshot: Snapshot): string[] {
  const hasNetwork = ofType(snapshot, 'Microsoft.Web/sites').some(
    (site) => (at(site, 'properties.virtualNetworkSubnetId') ?? null) !== null,
  );
  if (!hasNetwork) return premiumBuses(snapshot).map(({ name }) => `${name} is Premium, and public`);
  const endpoints = JSON.stringify(ofType(snapshot, 'Microsoft.Network/privateEndpoints'));
  return ['Microsoft.Storage/storageAccounts', 'Microsoft.ServiceBus/namespaces']
    .flatMap((type) => ofType(snapshot, type))
    .flatMap((resource) => [
      ...(at(resource, 'properties.publicNetworkAccess') === 'Disabled'
        ? []
        : [`${resource.name} is public`]),
      ...(endpoints.includes(`"${resource.id}"`) ? [] : [`${resource.name} has no private endpoint`]),
    ]);
}
