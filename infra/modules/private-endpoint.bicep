metadata description = 'A private endpoint of one service in an existing subnet, and its name in an existing private DNS zone.'

import { tags as Tags } from '../types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Name of the endpoint.')
param name string

@description('Resource id of the subnet.')
param subnetId string

@description('Resource id of the service.')
param serviceId string

@description('Which of its endpoints.')
@allowed(['namespace', 'blob', 'table'])
param groupId string

@description('Resource id of the private DNS zone. Empty: the name is resolved otherwise.')
param privateDnsZoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2026-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: { privateLinkServiceId: serviceId, groupIds: [groupId] }
      }
    ]
  }
}

resource dns 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-01-01' = if (!empty(privateDnsZoneId)) {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [{ name: groupId, properties: { privateDnsZoneId: privateDnsZoneId } }]
  }
}
