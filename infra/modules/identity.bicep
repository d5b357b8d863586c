metadata description = 'The identity that the Functions app has everywhere: storage, Service Bus, Application Insights, Microsoft Graph.'

import { tags as Tags } from '../types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Name of the identity.')
param name string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Object id of its service principal: role assignments name it.')
output principalId string = identity.properties.principalId

@description('Its client id: settings name it.')
output clientId string = identity.properties.clientId
