// Service Bus Premium, and private endpoints: no message and no table can be reached from the internet. The relay needs a way into
// their network (VPN, ExpressRoute) and has to find their names there. The app itself stays public, because Graph calls it, and so do
// publishing and the intake of telemetry; each asks for an identity (docs/security.md).
using 'main.bicep'

// Empty is what a variable is that nobody has set, and would mean: public.
var endpointSubnet = readEnvironmentVariable('WRITEBACK_PRIVATE_ENDPOINT_SUBNET_ID', '')
var appSubnet = readEnvironmentVariable('WRITEBACK_FUNCTIONS_SUBNET_ID', '')
// A deployment replaces what was there: without this the next one would take the receivers off every alert.
var emails = readEnvironmentVariable('WRITEBACK_ALERT_EMAILS', '')

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param serviceBusSku = 'Premium'
param storageRedundancy = 'Standard_ZRS'
param privateEndpointSubnetId = empty(endpointSubnet)
  ? fail('WRITEBACK_PRIVATE_ENDPOINT_SUBNET_ID must be the resource id of a subnet')
  : endpointSubnet
param functionsSubnetId = empty(appSubnet)
  ? fail('WRITEBACK_FUNCTIONS_SUBNET_ID must be the resource id of a subnet')
  : appSubnet
param privateDnsZones = json(readEnvironmentVariable('WRITEBACK_PRIVATE_DNS_ZONES', '{}'))
param relayPrincipalIds = json(readEnvironmentVariable('WRITEBACK_RELAY_PRINCIPAL_IDS', '[]'))
param grantGraphPermissions = bool(readEnvironmentVariable('WRITEBACK_GRANT_GRAPH_PERMISSIONS', 'false'))
param alertEmails = contains(emails, '@')
  ? json(empty(emails) ? '[]' : emails)
  : fail('WRITEBACK_ALERT_EMAILS must name who is told of an alert, such as ["operations@example.com"]')
param docsUrl = readEnvironmentVariable('WRITEBACK_DOCS_URL', '')
