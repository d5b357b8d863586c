// For a company: storage in three zones, somebody who is told. What differs between tenants comes from the environment
// (`azd env set NAME VALUE`).
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param storageRedundancy = 'Standard_ZRS'
param relayPrincipalIds = json(readEnvironmentVariable('WRITEBACK_RELAY_PRINCIPAL_IDS', '[]'))
param grantGraphPermissions = bool(readEnvironmentVariable('WRITEBACK_GRANT_GRAPH_PERMISSIONS', 'false'))
param alertEmails = json(readEnvironmentVariable('WRITEBACK_ALERT_EMAILS', '[]'))
