metadata description = 'The workbook: what an operator looks at. infra/workbook.json is made by npm run workbook.'

import { tags as Tags } from '../types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Beginning of every name, such as writeback-prod.')
param namePrefix string

@description('Resource id of Application Insights, where the workbook is found.')
param applicationInsightsId string

@description('Resource id of the workspace that has the telemetry.')
param workspaceId string

@description('Resource id of the Service Bus namespace.')
param serviceBusId string

var content = loadTextContent('../workbook.json')

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, namePrefix, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Writeback (${namePrefix})'
    category: 'workbook'
    sourceId: applicationInsightsId
    serializedData: replace(replace(content, '{{workspaceId}}', workspaceId), '{{serviceBusId}}', serviceBusId)
  }
}
