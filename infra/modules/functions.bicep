metadata description = 'The Functions app on Flex Consumption: plan, app, settings. It has no key: every service knows it by its identity.'

import { settings as Settings, tags as Tags } from '../types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Name of the app.')
param name string

@description('Name of its plan. A Flex plan has one app.')
param planName string

@description('Name of the user-assigned identity that it runs with.')
param identityName string

@description('Major version of Node.js.')
@allowed(['22', '24'])
param nodeVersion string

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('How many instances there may be at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('How many instances of each of the latency-critical functions never sleep. Zero saves money and costs a cold start per change.')
@minValue(0)
@maxValue(10)
param alwaysReadyInstances int

@description('Name of the storage account of the Functions host.')
param hostAccountName string

@description('Container of the deployment package.')
param packageContainerName string

@description('Name of the storage account with the tables.')
param stateAccountName string

@description('Name of the Service Bus namespace.')
param namespaceName string

@description('Name of Application Insights.')
param applicationInsightsName string

@description('Host that Graph calls instead of the name of the app, such as that of a gateway. Empty: the app itself.')
param webhookHost string

@description('Address ranges (CIDR) that may call the app. Empty: everybody may try; what is not known by client state and subscription is refused.')
param allowedAddresses string[]

@description('Existing subnet, delegated to Microsoft.App/environments, that the app reaches private endpoints through. Empty: no network of its own.')
param subnetId string

@description('Settings of the application: schedules, sampling and whatever else is to differ from its defaults.')
param settings Settings

// Flex scales http as one and each other function alone. A cold start of any of these would be the lag.
var alwaysReady = ['http', 'function:read-users', 'function:read-groups', 'function:record-results']

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostAccount 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: hostAccountName
}

resource stateAccount 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: stateAccountName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: namespaceName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      alwaysOn: false
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ipSecurityRestrictionsDefaultAction: empty(allowedAddresses) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: [
        for (range, i) in allowedAddresses: {
          name: 'allowed-${i + 1}'
          priority: 100 + i
          action: 'Allow'
          ipAddress: range
        }
      ]
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostAccount.properties.primaryEndpoints.blob}${packageContainerName}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: [
          for group in (alwaysReadyInstances == 0 ? [] : alwaysReady): {
            name: group
            instanceCount: alwaysReadyInstances
          }
        ]
      }
    }
  }
}

// A resource of its own, because the addresses in it have the host name that the app gets.
resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(settings, {
    // The host: its storage (blobs only, so no table of diagnostic events), its triggers, its telemetry.
    AzureWebJobsStorage__blobServiceUri: hostAccount.properties.primaryEndpoints.blob
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.properties.clientId
    AzureWebJobsFeatureFlags: 'DisableDiagnosticEventLogging'
    SERVICEBUS__fullyQualifiedNamespace: split(split(namespace.properties.serviceBusEndpoint, '//')[1], ':')[0]
    SERVICEBUS__credential: 'managedidentity'
    SERVICEBUS__clientId: identity.properties.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    // The application.
    STATE__tableServiceUri: stateAccount.properties.primaryEndpoints.table
    STATE__clientId: identity.properties.clientId
    GRAPH_CLIENT_ID: identity.properties.clientId
    NOTIFICATION_URL: 'https://${empty(webhookHost) ? app.properties.defaultHostName : webhookHost}/api/graph/notifications'
    LIFECYCLE_URL: 'https://${empty(webhookHost) ? app.properties.defaultHostName : webhookHost}/api/graph/lifecycle'
  })
}

// Publishing takes an Entra token; passwords for it do not exist.
resource noPasswordForPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

resource noPasswordForFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

@description('Host name of the app.')
output hostName string = app.properties.defaultHostName
