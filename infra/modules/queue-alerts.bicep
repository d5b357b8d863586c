metadata description = 'Alerts on what lies in queues, from the metrics that Service Bus keeps by itself.'

import { tags as Tags } from '../types.bicep'

@description('Tags of every resource.')
param tags Tags

@description('Beginning of every name, such as writeback-prod.')
param namePrefix string

@description('Resource id of the Service Bus namespace.')
param serviceBusId string

@description('Resource id of the action group that is told; empty where nobody is.')
param actionGroupId string

@description('Where the sections of the alerts are.')
param docs string

// The least of the window: what the app reads out of a queue by itself within that time wakes nobody.
var queueAlerts = [
  {
    name: 'dead-letters'
    title: 'dead letters'
    says: 'A queue has had dead letters for 15 minutes. Those of writes are handled by the app, others wait for a person.'
    metric: 'DeadletteredMessages'
    queues: map(loadJsonContent('../queues.json').queues, queue => queue.name)
    severity: 2
    window: 'PT15M'
  }
  {
    name: 'results-waiting'
    title: 'results wait'
    says: 'The queue results has not been empty for 30 minutes: the recorder is not running, or is too slow. What is parked is not known.'
    metric: 'ActiveMessages'
    queues: ['results']
    severity: 2
    window: 'PT30M'
  }
  {
    name: 'refused-messages'
    title: 'messages refused'
    says: 'The queue refused has messages that nobody could parse: a bug, or somebody else who may send.'
    metric: 'ActiveMessages'
    queues: ['refused']
    severity: 3
    window: 'PT15M'
  }
]

resource queueAlert 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in queueAlerts: {
    name: '${namePrefix}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: '${alert.says} What to do: ${docs}#${alert.name}'
      enabled: true
      severity: alert.severity
      scopes: [serviceBusId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: alert.name
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'Microsoft.ServiceBus/namespaces'
            metricName: alert.metric
            dimensions: [{ name: 'EntityName', operator: 'Include', values: alert.queues }]
            timeAggregation: 'Minimum'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: empty(actionGroupId) ? [] : [{ actionGroupId: actionGroupId }]
    }
  }
]
