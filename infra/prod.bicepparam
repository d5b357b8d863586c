// For a company: storage in three zones, no cold start, somebody who is told. What differs between tenants comes from the environment
// (`azd env set NAME VALUE`).
using 'main.bicep'

// A deployment replaces what was there: without this the next one would take the receivers off every alert.
var emails = readEnvironmentVariable('WRITEBACK_ALERT_EMAILS', '')

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param storageRedundancy = 'Standard_ZRS'
param relayPrincipalIds = json(readEnvironmentVariable('WRITEBACK_RELAY_PRINCIPAL_IDS', '[]'))
param grantGraphPermissions = bool(readEnvironmentVariable('WRITEBACK_GRANT_GRAPH_PERMISSIONS', 'false'))
param alertEmails = contains(emails, '@')
  ? json(empty(emails) ? '[]' : emails)
  : fail('WRITEBACK_ALERT_EMAILS must name who is told of an alert, such as ["operations@example.com"]')
param docsUrl = readEnvironmentVariable('WRITEBACK_DOCS_URL', '')
