metadata description = 'The Service Bus namespace, closed to keys, and its queues as infra/queues.json says.'

import { tags as Tags } from '../types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Name of the namespace.')
param name string

@description('Tier. Private endpoints and messages over 256 KB need Premium.')
@allowed(['Standard', 'Premium'])
param sku string

@description('Messaging units of a Premium namespace.')
@allowed([1, 2, 4, 8, 16])
param capacity int

@description('Greatest message of a Premium namespace, in kilobytes.')
@minValue(1024)
@maxValue(102400)
param maxMessageKilobytes int

@description('Whether it can be reached from the internet (with an identity that may).')
param isPublic bool

var queues = loadJsonContent('../queues.json').queues
var isPremium = sku == 'Premium'

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku, tier: sku, ...(isPremium ? { capacity: capacity } : {}) }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
  }
}

// One at a time: the namespace answers several at once with conflicts.
@batchSize(1)
resource queue 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = [
  for settings in queues: {
    parent: namespace
    name: settings.name
    properties: {
      requiresSession: settings.requiresSession
      requiresDuplicateDetection: settings.duplicateDetectionWindow != null
      // Without detection the window is what the service has anyway.
      duplicateDetectionHistoryTimeWindow: settings.duplicateDetectionWindow ?? 'PT10M'
      lockDuration: settings.lockDuration
      maxDeliveryCount: settings.maxDeliveryCount
      defaultMessageTimeToLive: settings.timeToLive
      // What expires unread is kept where the dead letters are: nothing that was acknowledged gets lost unseen.
      deadLetteringOnMessageExpiration: true
      maxSizeInMegabytes: 5120
      maxMessageSizeInKilobytes: isPremium ? maxMessageKilobytes : null
    }
  }
]

@description('Resource id of the namespace.')
output id string = namespace.id

@description('Host name that clients connect to.')
output fullyQualifiedNamespace string = split(split(namespace.properties.serviceBusEndpoint, '//')[1], ':')[0]
