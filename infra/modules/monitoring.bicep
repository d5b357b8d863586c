metadata description = 'Where telemetry goes: a workspace and Application Insights in it, both closed to keys; and who looks at it: alerts and a workbook.'

import { tags as Tags } from '../types.bicep'
import { alertThresholds } from 'alerts.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Beginning of every name, such as writeback-prod.')
param namePrefix string

@description('Who is told of an alert.')
param alertEmails string[]

@description('Resource id of the Service Bus namespace that alerts look at.')
param serviceBusId string

@description('The lag that 95 % of all changes must stay under, in milliseconds.')
param lagTargetMs int

@description('When the other alerts fire.')
param thresholds alertThresholds

@description('Where the docs are, such as https://github.com/<owner>/<repository>/blob/main/docs, so that alerts can link to them. Empty: they name the file.')
param docsUrl string

@description('How many days the workspace keeps what it was sent. Application Insights keeps its tables for 90 at least, whatever a workspace says.')
@minValue(90)
@maxValue(730)
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: 'log-${namePrefix}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: { disableLocalAuth: true }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${namePrefix}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

module alerts 'alerts.bicep' = {
  params: {
    location: location
    tags: tags
    namePrefix: namePrefix
    emails: alertEmails
    workspaceId: workspace.id
    serviceBusId: serviceBusId
    lagTargetMs: lagTargetMs
    thresholds: thresholds
    docsUrl: docsUrl
  }
}

module workbook 'workbook.bicep' = {
  params: {
    location: location
    tags: tags
    namePrefix: namePrefix
    applicationInsightsId: component.id
    workspaceId: workspace.id
    serviceBusId: serviceBusId
  }
}

@description('Resource id of Application Insights.')
output applicationInsightsId string = component.id

@description('Name of Application Insights.')
output applicationInsightsName string = component.name

@description('Where telemetry is sent. No secret: without an identity that may publish nothing is taken.')
output connectionString string = component.properties.ConnectionString

@description('Resource id of the workspace.')
output workspaceId string = workspace.id
