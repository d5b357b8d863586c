// Service Bus Premium, and no service but the webhook can be reached from the internet. The relay needs a way into the network of
// the private endpoints (VPN, ExpressRoute).
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param serviceBusSku = 'Premium'
param storageRedundancy = 'Standard_ZRS'
param privateEndpointSubnetId = readEnvironmentVariable('WRITEBACK_PRIVATE_ENDPOINT_SUBNET_ID')
param functionsSubnetId = readEnvironmentVariable('WRITEBACK_FUNCTIONS_SUBNET_ID')
param privateDnsZones = json(readEnvironmentVariable('WRITEBACK_PRIVATE_DNS_ZONES', '{}'))
param relayPrincipalIds = json(readEnvironmentVariable('WRITEBACK_RELAY_PRINCIPAL_IDS', '[]'))
param grantGraphPermissions = bool(readEnvironmentVariable('WRITEBACK_GRANT_GRAPH_PERMISSIONS', 'false'))
param alertEmails = json(readEnvironmentVariable('WRITEBACK_ALERT_EMAILS', '[]'))
