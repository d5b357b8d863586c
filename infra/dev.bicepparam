// To try it: the smallest of everything. What differs between tenants comes from the environment (`azd env set NAME VALUE`).
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param relayPrincipalIds = json(readEnvironmentVariable('WRITEBACK_RELAY_PRINCIPAL_IDS', '[]'))
param grantGraphPermissions = bool(readEnvironmentVariable('WRITEBACK_GRANT_GRAPH_PERMISSIONS', 'false'))
param alertEmails = json(readEnvironmentVariable('WRITEBACK_ALERT_EMAILS', '[]'))
