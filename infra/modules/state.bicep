metadata description = 'Two storage accounts, both closed to keys: one that the Functions host works with, one for the tables of the application.'

import { tags as Tags } from '../types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Name of the account of the Functions host: deployment package, keys of functions, leases of timers.')
param hostAccountName string

@description('Name of the account that holds the tables.')
param stateAccountName string

@description('Container of the deployment package.')
param packageContainerName string

@description('Redundancy. Prod wants Standard_ZRS where the region has zones.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param redundancy string

@description('Whether they can be reached from the internet (with an identity that may).')
param isPublic bool

// shared/adapters/tables/tables.ts knows them by these names and makes those that are missing.
var tableNames = ['cursors', 'objects', 'log', 'notes', 'secrets']

var closed = {
  accessTier: 'Hot'
  allowBlobPublicAccess: false
  allowCrossTenantReplication: false
  allowSharedKeyAccess: false
  defaultToOAuthAuthentication: true
  minimumTlsVersion: 'TLS1_2'
  publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
  supportsHttpsTrafficOnly: true
  networkAcls: { bypass: 'None', defaultAction: isPublic ? 'Allow' : 'Deny' }
}

resource host 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: hostAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: closed

  resource blobs 'blobServices' = {
    name: 'default'

    resource package 'containers' = {
      name: packageContainerName
      properties: { publicAccess: 'None' }
    }
  }
}

resource state 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: stateAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: closed

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [
      for tableName in tableNames: {
        name: tableName
      }
    ]
  }
}
