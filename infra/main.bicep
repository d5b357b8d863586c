metadata name = 'entra-writeback'
metadata description = 'The cloud side of entra-writeback in one resource group: Functions app, Service Bus, tables, telemetry, and who may do what.'

import { privateDnsZones as PrivateDnsZones, settings as Settings, tags as Tags } from 'types.bicep'
import { alertThresholds as AlertThresholds } from 'modules/alerts.bicep'

targetScope = 'resourceGroup'

// ── what and where ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

@description('Beginning of every name.')
@minLength(2)
@maxLength(10)
param namePrefix string = 'writeback'

@description('Name of this deployment, such as dev or prod; part of every name.')
@minLength(1)
@maxLength(16)
param environmentName string

@description('Azure region. Flex Consumption must be offered there (az functionapp list-flexconsumption-locations).')
param location string = resourceGroup().location

@description('Further tags of every resource.')
param tags Tags = {}

// ── the Functions app ───────────────────────────────────────────────────────────────────────────────────────────────────────────

@description('Major version of Node.js.')
@allowed(['22', '24'])
param nodeVersion string = '24'

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('How many instances there may be at most. There is one reader per kind, so only webhooks and results ever need more than one; what grows their number, and with which rights: docs/security.md.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('How many instances each of the latency-critical functions keeps awake. Zero saves money and costs a cold start per change.')
@minValue(0)
@maxValue(10)
param alwaysReadyInstances int = 1

@description('When everything is looked at since the cursor, because notifications can be lost (six fields, seconds first).')
param sweepSchedule string = '0 */5 * * * *'

@description('When the subscriptions to change notifications are looked after.')
param subscriptionSchedule string = '0 */30 * * * *'

@description('When the objects are counted that wait with a reason.')
param stockSchedule string = '0 */10 * * * *'

@description('The share of traces that is sent, 0 to 1. Events and metrics are always sent.')
param telemetrySamplingRatio string = '1'

@description('Further settings of the app by name, where they are to differ from its defaults, such as SECOND_LOOK_MS.')
param extraSettings Settings = {}

@description('Host that Graph calls instead of the name of the app, such as that of a gateway. Empty: the app itself.')
param webhookHost string = ''

@description('Address ranges (CIDR) that may call the app: those that Microsoft lists for change notifications, and your own. Empty: everybody may try; what is not known by client state and subscription is refused.')
param allowedAddresses string[] = []

// ── Service Bus and storage ─────────────────────────────────────────────────────────────────────────────────────────────────────

@description('Tier of Service Bus. Private endpoints and messages over 256 KB need Premium. It cannot be changed later.')
@allowed(['Standard', 'Premium'])
param serviceBusSku string = 'Standard'

@description('Messaging units, with Premium.')
@allowed([1, 2, 4, 8, 16])
param serviceBusCapacity int = 1

@description('Greatest message in kilobytes, with Premium.')
@minValue(1024)
@maxValue(102400)
param maxMessageKilobytes int = 1024

@description('Redundancy of both storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_LRS'

// ── network ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

@description('Existing subnet for private endpoints, as resource id. With it the storage accounts, and Service Bus if it is Premium, cannot be reached from the internet any more: the relay then needs a way into this network.')
param privateEndpointSubnetId string = ''

@description('Existing subnet, delegated to Microsoft.App/environments, that the app reaches private endpoints through. Needed with private endpoints.')
param functionsSubnetId string = ''

@description('Existing private DNS zones for the private endpoints.')
param privateDnsZones PrivateDnsZones = {}

// ── who may, and who is told ────────────────────────────────────────────────────────────────────────────────────────────────────

@description('Object ids of the service principals that relays run as: a managed identity of Azure Arc, or an app with a certificate.')
param relayPrincipalIds string[] = []

@description('Whether this deployment grants the app its rights in Microsoft Graph. It needs Privileged Role Administrator; else an administrator runs the script in docs/deploy.md.')
param grantGraphPermissions bool = false

@description('Whether the app may read memberships that are hidden (Member.Read.Hidden).')
param readHiddenMemberships bool = false

@description('Who is told of an alert. Nobody: alerts are shown in the portal only.')
param alertEmails string[] = []

@description('How many days traces, events and metrics are kept. The first 90 are in the price, and Application Insights keeps its tables no shorter.')
@minValue(90)
@maxValue(730)
param retentionDays int = 90

@description('The lag that 95 % of all changes must stay under, in milliseconds.')
@minValue(1000)
param lagTargetMs int = 30000

@description('When the other alerts fire; what is left out has a default.')
param alertThresholds AlertThresholds = {}

@description('Where docs/ can be read, such as https://github.com/<owner>/<repository>/blob/main/docs, so that alerts link to what to do. Empty: they name the file.')
param docsUrl string = ''

// Names are made here, so that every id is known before anything exists: what-if and the snapshots can then tell all of them.
var baseName = '${namePrefix}-${environmentName}'
var unique = uniqueString(resourceGroup().id, namePrefix, environmentName)
var identityName = 'id-${baseName}'
var namespaceName = 'sb-${baseName}-${unique}'
var hostAccountName = '${toLower(replace(namePrefix, '-', ''))}h${unique}'
var stateAccountName = '${toLower(replace(namePrefix, '-', ''))}s${unique}'
var packageContainerName = 'package'
var isPrivate = !empty(privateEndpointSubnetId)
var isBusPrivate = isPrivate && serviceBusSku == 'Premium'
// Without a way to the private endpoints the app would deploy and then find nothing.
var checkedFunctionsSubnetId = isPrivate && empty(functionsSubnetId)
  ? fail('functionsSubnetId is needed with privateEndpointSubnetId')
  : functionsSubnetId
var allTags = union(tags, { application: 'entra-writeback', 'azd-env-name': environmentName })

module identity 'modules/identity.bicep' = {
  params: { location: location, tags: allTags, name: identityName }
}

module messaging 'modules/messaging.bicep' = {
  params: {
    location: location
    tags: allTags
    name: namespaceName
    sku: serviceBusSku
    capacity: serviceBusCapacity
    maxMessageKilobytes: maxMessageKilobytes
    isPublic: !isBusPrivate
  }
}

module state 'modules/state.bicep' = {
  params: {
    location: location
    tags: allTags
    hostAccountName: hostAccountName
    stateAccountName: stateAccountName
    packageContainerName: packageContainerName
    redundancy: storageRedundancy
    isPublic: !isPrivate
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    location: location
    tags: allTags
    namePrefix: baseName
    alertEmails: alertEmails
    serviceBusId: messaging.outputs.id
    lagTargetMs: lagTargetMs
    thresholds: alertThresholds
    docsUrl: docsUrl
    retentionDays: retentionDays
  }
}

module access 'modules/access.bicep' = {
  params: {
    functionsIdentityName: identityName
    relayPrincipalIds: relayPrincipalIds
    namespaceName: namespaceName
    hostAccountName: hostAccountName
    stateAccountName: stateAccountName
    applicationInsightsName: 'appi-${baseName}'
  }
  dependsOn: [identity, messaging, monitoring, state]
}

module functions 'modules/functions.bicep' = {
  params: {
    location: location
    tags: allTags
    name: 'func-${baseName}-${unique}'
    planName: 'plan-${baseName}'
    identityName: identityName
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    hostAccountName: hostAccountName
    packageContainerName: packageContainerName
    stateAccountName: stateAccountName
    namespaceName: namespaceName
    applicationInsightsName: 'appi-${baseName}'
    webhookHost: webhookHost
    allowedAddresses: allowedAddresses
    subnetId: checkedFunctionsSubnetId
    settings: union(extraSettings, {
      SWEEP_SCHEDULE: sweepSchedule
      SUBSCRIPTION_SCHEDULE: subscriptionSchedule
      STOCK_SCHEDULE: stockSchedule
      TELEMETRY_SAMPLING_RATIO: telemetrySamplingRatio
    })
  }
  // The app must find its rights when it starts, and its package can be put nowhere without them; nor, in a private network, without
  // the way to its storage.
  dependsOn: [access, blobEndpoint, busEndpoint, tableEndpoint]
}

module graphPermissions 'modules/graph-permissions.bicep' = if (grantGraphPermissions) {
  params: {
    principalId: identity.outputs.principalId
    readHiddenMemberships: readHiddenMemberships
  }
}

module busEndpoint 'modules/private-endpoint.bicep' = if (isBusPrivate) {
  params: {
    location: location
    tags: allTags
    name: 'pe-${namespaceName}'
    subnetId: privateEndpointSubnetId
    serviceId: resourceId('Microsoft.ServiceBus/namespaces', namespaceName)
    groupId: 'namespace'
    privateDnsZoneId: privateDnsZones.?serviceBus ?? ''
  }
  dependsOn: [messaging]
}

module blobEndpoint 'modules/private-endpoint.bicep' = if (isPrivate) {
  params: {
    location: location
    tags: allTags
    name: 'pe-${hostAccountName}'
    subnetId: privateEndpointSubnetId
    serviceId: resourceId('Microsoft.Storage/storageAccounts', hostAccountName)
    groupId: 'blob'
    privateDnsZoneId: privateDnsZones.?blob ?? ''
  }
  dependsOn: [state]
}

module tableEndpoint 'modules/private-endpoint.bicep' = if (isPrivate) {
  params: {
    location: location
    tags: allTags
    name: 'pe-${stateAccountName}'
    subnetId: privateEndpointSubnetId
    serviceId: resourceId('Microsoft.Storage/storageAccounts', stateAccountName)
    groupId: 'table'
    privateDnsZoneId: privateDnsZones.?table ?? ''
  }
  dependsOn: [state]
}

// ── what the next steps need ────────────────────────────────────────────────────────────────────────────────────────────────────

@description('Name of the Functions app: where the package is published.')
output FUNCTION_APP_NAME string = 'func-${baseName}-${unique}'

@description('Host name of the Functions app.')
output FUNCTION_APP_HOST string = functions.outputs.hostName

@description('Object id of the app\'s service principal: who gets the rights in Microsoft Graph.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Client id of the app\'s identity.')
output IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('Setting of the relay: SERVICEBUS__fullyQualifiedNamespace.')
output SERVICEBUS_HOST string = messaging.outputs.fullyQualifiedNamespace

@description('Setting of the relay: APPLICATIONINSIGHTS_CONNECTION_STRING. No secret: it takes nothing from whom it does not know.')
output APPLICATIONINSIGHTS_CONNECTION_STRING string = monitoring.outputs.connectionString

@description('Name of Application Insights.')
output APPLICATIONINSIGHTS_NAME string = monitoring.outputs.applicationInsightsName

@description('Resource id of the workspace.')
output WORKSPACE_ID string = monitoring.outputs.workspaceId
