metadata description = 'Who may do what: every role assignment of the deployment, each on the smallest thing that has it.'

import { grantOnQueue as GrantOnQueue } from '../types.bicep'

@description('Name of the identity of the Functions app. Names of assignments come from it, so that what-if can tell them beforehand.')
param functionsIdentityName string

@description('Object ids of the service principals that relays run as: a managed identity of Azure Arc, or an app with a certificate.')
param relayPrincipalIds string[]

@description('Name of the Service Bus namespace.')
param namespaceName string

@description('Name of the storage account of the Functions host.')
param hostAccountName string

@description('Name of the storage account with the tables.')
param stateAccountName string

@description('Name of Application Insights.')
param applicationInsightsName string

var roles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
  receiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0' // Azure Service Bus Data Receiver
  sender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39' // Azure Service Bus Data Sender
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
}

var functionsOnQueues GrantOnQueue[] = [
  { queue: 'users', role: 'receiver' }
  { queue: 'users', role: 'sender' }
  { queue: 'groups', role: 'receiver' }
  { queue: 'groups', role: 'sender' }
  { queue: 'writes', role: 'sender' }
  { queue: 'writes', role: 'receiver' } // its dead letters
  { queue: 'results', role: 'receiver' }
  { queue: 'results', role: 'sender' } // of objects that cannot be mapped
  { queue: 'refused', role: 'sender' }
]
var relayOnQueues GrantOnQueue[] = [
  { queue: 'writes', role: 'receiver' }
  { queue: 'results', role: 'sender' }
  { queue: 'refused', role: 'sender' }
]
var relaysOnQueues = flatten(map(
  relayPrincipalIds,
  principalId => map(relayOnQueues, grant => { queue: grant.queue, role: grant.role, principalId: principalId })
))

resource functionsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: functionsIdentityName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: namespaceName
}

resource functionsQueue 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' existing = [
  for grant in functionsOnQueues: {
    parent: namespace
    name: grant.queue
  }
]

resource functionsOnQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (grant, i) in functionsOnQueues: {
    name: guid(functionsQueue[i].id, functionsIdentity.id, roles[grant.role])
    scope: functionsQueue[i]
    properties: {
      principalId: functionsIdentity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    }
  }
]

resource relayQueue 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' existing = [
  for grant in relaysOnQueues: {
    parent: namespace
    name: grant.queue
  }
]

resource relayOnQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (grant, i) in relaysOnQueues: {
    name: guid(relayQueue[i].id, grant.principalId, roles[grant.role])
    scope: relayQueue[i]
    properties: {
      principalId: grant.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    }
  }
]

resource hostAccount 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: hostAccountName
}

// The whole account, because the host makes containers of its own in it; nothing else lives there.
resource functionsOnBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostAccount.id, functionsIdentity.id, roles.blobOwner)
  scope: hostAccount
  properties: {
    principalId: functionsIdentity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobOwner)
  }
}

resource stateAccount 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: stateAccountName
}

// The whole account, because the application asks for each table to be made before it uses it; nothing else lives there.
resource functionsOnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(stateAccount.id, functionsIdentity.id, roles.tableContributor)
  scope: stateAccount
  properties: {
    principalId: functionsIdentity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableContributor)
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource functionsOnTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, functionsIdentity.id, roles.metricsPublisher)
  scope: component
  properties: {
    principalId: functionsIdentity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
  }
}

resource relayOnTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principalId in relayPrincipalIds: {
    name: guid(component.id, principalId, roles.metricsPublisher)
    scope: component
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
    }
  }
]
