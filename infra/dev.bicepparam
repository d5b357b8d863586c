// To try it: nothing stays awake, so it costs little while nothing changes, and the first change after a pause waits for cold starts.
// What differs between tenants comes from the environment (`azd env set NAME VALUE`); nobody needs to be told of an alert.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param alwaysReadyInstances = 0
param relayPrincipalIds = json(readEnvironmentVariable('WRITEBACK_RELAY_PRINCIPAL_IDS', '[]'))
param grantGraphPermissions = bool(readEnvironmentVariable('WRITEBACK_GRANT_GRAPH_PERMISSIONS', 'false'))
param alertEmails = json(readEnvironmentVariable('WRITEBACK_ALERT_EMAILS', '[]'))
param docsUrl = readEnvironmentVariable('WRITEBACK_DOCS_URL', '')
