/*
 * What a snapshot is computed with in place of a subscription. Anything will do, so long as it is always the same: nothing in a
 * snapshot is a real id.
 */

export const subscriptionId = '00000000-0000-0000-0000-000000000000';
export const resourceGroup = 'rg-writeback';
const network = `/subscriptions/${subscriptionId}/resourceGroups/rg-network/providers/Microsoft.Network`;

/** The object id of the service principal that stands for a relay. */
export const relayPrincipalId = '11111111-1111-1111-1111-111111111111';

export const deployment: readonly string[] = [
  ...['--subscription-id', subscriptionId],
  ...['--resource-group', resourceGroup],
  ...['--location', 'westeurope'],
  ...['--deployment-name', 'main'],
];

/** Everything on: what only some tenants want is to be seen in a review as well. */
const settings: NodeJS.ProcessEnv = {
  WRITEBACK_RELAY_PRINCIPAL_IDS: JSON.stringify([relayPrincipalId]),
  WRITEBACK_ALERT_EMAILS: JSON.stringify(['operator@example.com']),
  WRITEBACK_DOCS_URL: 'https://github.com/owner/repository/blob/main/docs',
  WRITEBACK_GRANT_GRAPH_PERMISSIONS: 'true',
  WRITEBACK_PRIVATE_ENDPOINT_SUBNET_ID: `${network}/virtualNetworks/vnet/subnets/private-endpoints`,
  WRITEBACK_FUNCTIONS_SUBNET_ID: `${network}/virtualNetworks/vnet/subnets/functions`,
  WRITEBACK_PRIVATE_DNS_ZONES: JSON.stringify({
    serviceBus: `${network}/privateDnsZones/privatelink.servicebus.windows.net`,
    blob: `${network}/privateDnsZones/privatelink.blob.core.windows.net`,
    table: `${network}/privateDnsZones/privatelink.table.core.windows.net`,
  }),
};

/** The environment of the compiler: this process's, but what a parameter file may read comes from here alone. */
export function compilerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^(AZURE|WRITEBACK)_/i.test(name));
  return { ...Object.fromEntries(kept), ...settings };
}
