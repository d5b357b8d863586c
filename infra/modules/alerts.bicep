metadata description = 'Who is woken, and when. Every alert has its section in docs/operations.md, under its own name.'

import { tags as Tags } from '../types.bicep'

@export()
@description('When alerts fire. What is left out has a default.')
type alertThresholds = {
  @description('By how many objects the parked ones may grow within six hours. Default 10.')
  parkedGrowth: int?
  @description('Hours that a subscription must still live. Default 48: renewed at half its life of 28 days, it never comes near.')
  subscriptionHoursLeft: int?
  @description('Percent of the answers of Microsoft Graph that may be 429. Default 10.')
  graphThrottledPercent: int?
  @description('Loud lines of the Functions app within 30 minutes that wake somebody. Default 1.')
  functionFailures: int?
}

type logAlertSettings = {
  @description('Name of the alert, and of its section in docs/operations.md.')
  name: string
  title: string
  @description('What it means, in one sentence.')
  says: string
  query: string
  @description('The column of the answer that is compared.')
  measure: string
  operator: 'GreaterThan' | 'GreaterThanOrEqual' | 'LessThan'
  threshold: int
  severity: 1 | 2 | 3
  @description('How often it looks.')
  every: string
  @description('How far back it looks.')
  window: string
  @description('Columns of the answer: one alert for each of their values.')
  splitBy: string[]?
  @description('What it asks for is recorded by nothing yet: deployed, but disabled.')
  isPlanned: bool?
}

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Beginning of every name, such as writeback-prod.')
param namePrefix string

@description('Who is told. With nobody the alerts fire in the portal only.')
param emails string[]

@description('Resource id of the workspace that has the telemetry.')
param workspaceId string

@description('Resource id of the Service Bus namespace.')
param serviceBusId string

@description('The lag that 95 % of all changes must stay under, in milliseconds.')
@minValue(1000)
param lagTargetMs int

@description('When the other alerts fire.')
param thresholds alertThresholds

@description('Where the docs are, such as https://github.com/<owner>/<repository>/blob/main/docs. Empty: alerts name the file of the repository.')
param docsUrl string

// Severity: 1 the service stands still, 2 something fails or soon will, 3 worth a look by day.
// A log alert costs by how often it looks: every 5 minutes only where nothing is written until a person acts. Its query gives one
// number, which is compared here. Windows overlap, so that what lies at a border is seen.
var logAlerts logAlertSettings[] = [
  {
    name: 'lag-above-target'
    title: 'lag above target'
    says: '95 % of the changes take longer than the target from Microsoft Graph to the domain controller.'
    query: loadTextContent('../queries/alerts/lag-above-target.kql')
    measure: 'lagP95Ms'
    operator: 'GreaterThan'
    threshold: lagTargetMs
    severity: 2
    every: 'PT15M'
    // The query looks at the last 30 minutes, and at all of it where these have too few changes.
    window: 'PT2H'
  }
  {
    name: 'relay-silent'
    title: 'no relay heartbeat'
    says: 'No relay has told that it lives for ten minutes. Nothing is written; everything stays queued.'
    query: loadTextContent('../queries/alerts/relay-silent.kql')
    measure: 'heartbeats'
    operator: 'LessThan'
    threshold: 1
    severity: 1
    every: 'PT5M'
    window: 'PT10M'
  }
  {
    name: 'relay-halted'
    title: 'relay halted'
    says: 'The relay has stopped because going on is unsafe. Nothing is written until a person acts; everything stays queued.'
    query: loadTextContent('../queries/alerts/relay-halted.kql')
    measure: 'reminders'
    operator: 'GreaterThan'
    threshold: 0
    severity: 1
    every: 'PT5M'
    window: 'PT10M'
    splitBy: ['code']
  }
  {
    name: 'credentials-refused'
    title: 'LDAP credentials refused'
    says: 'The domain controller refuses the service account of the relay: password expired or changed, account locked or disabled.'
    query: loadTextContent('../queries/alerts/credentials-refused.kql')
    measure: 'reminders'
    operator: 'GreaterThan'
    threshold: 0
    severity: 1
    every: 'PT5M'
    window: 'PT10M'
  }
  {
    name: 'relay-paused'
    title: 'relay paused'
    says: 'The lanes of every relay have been closed for a quarter of an hour: the domain controller or Service Bus is away.'
    query: loadTextContent('../queries/alerts/relay-paused.kql')
    measure: 'paused'
    operator: 'GreaterThanOrEqual'
    threshold: 10
    severity: 2
    every: 'PT15M'
    // No longer: a single minute with open lanes says that all is well.
    window: 'PT15M'
  }
  {
    name: 'parked-growing'
    title: 'parked objects growing'
    says: 'More and more objects cannot be written and wait for a person or for their next try.'
    query: loadTextContent('../queries/alerts/parked-growing.kql')
    measure: 'grownBy'
    operator: 'GreaterThanOrEqual'
    threshold: thresholds.?parkedGrowth ?? 10
    severity: 3
    every: 'PT30M'
    window: 'PT6H'
  }
  {
    name: 'hold-waiting'
    title: 'hold waiting'
    says: 'Changes that the brake stopped wait for approval.'
    query: loadTextContent('../queries/alerts/hold-waiting.kql')
    measure: 'held'
    operator: 'GreaterThan'
    threshold: 0
    severity: 3
    every: 'PT15M'
    window: 'PT30M'
    // Nothing is held before there is a brake.
    isPlanned: true
  }
  {
    name: 'subscription-expiry'
    title: 'subscription missing or about to expire'
    says: 'Without a living subscription Graph announces nothing: changes are found by the sweep only, minutes late.'
    query: loadTextContent('../queries/alerts/subscription-expiry.kql')
    measure: 'hoursLeft'
    operator: 'LessThan'
    threshold: thresholds.?subscriptionHoursLeft ?? 48
    severity: 2
    every: 'PT30M'
    window: 'PT2H'
  }
  {
    name: 'round-failing'
    title: 'delta rounds failing'
    says: 'For 30 minutes no delta round of users, or none of groups, has come forward. What notifications lost is not found.'
    query: loadTextContent('../queries/alerts/round-failing.kql')
    measure: 'fewest'
    operator: 'LessThan'
    threshold: 1
    severity: 2
    every: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'graph-throttling'
    title: 'Microsoft Graph throttles'
    says: 'Microsoft Graph answers a large share of the requests with 429: changes are read late.'
    query: loadTextContent('../queries/alerts/graph-throttling.kql')
    measure: 'throttledPercent'
    operator: 'GreaterThan'
    threshold: thresholds.?graphThrottledPercent ?? 10
    severity: 3
    every: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'function-failures'
    title: 'function failures'
    says: 'The Functions app says that it is refused, misconfigured, or has met a bug of ours; or its host has reported failures for 20 minutes.'
    query: loadTextContent('../queries/alerts/function-failures.kql')
    measure: 'failures'
    operator: 'GreaterThanOrEqual'
    threshold: thresholds.?functionFailures ?? 1
    severity: 2
    every: 'PT15M'
    window: 'PT30M'
  }
]

var docs = empty(docsUrl) ? 'docs/operations.md' : '${docsUrl}/operations.md'

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'ag-${namePrefix}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'writeback'
    emailReceivers: [
      for email in emails: {
        name: email
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in logAlerts: {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${namePrefix}: ${alert.title}'
      description: '${alert.says} What to do: ${docs}#${alert.name}'
      enabled: !(alert.?isPlanned ?? false)
      severity: alert.severity
      scopes: [workspaceId]
      evaluationFrequency: alert.every
      windowSize: alert.window
      // A workspace that has just been made may not know its tables yet. Our tests analyse every query.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: alert.measure
            timeAggregation: 'Maximum'
            operator: alert.operator
            threshold: alert.threshold
            dimensions: map(alert.?splitBy ?? [], column => { name: column, operator: 'Include', values: ['*'] })
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: empty(emails) ? [] : [actionGroup.id] }
    }
  }
]

module queueAlerts 'queue-alerts.bicep' = {
  params: {
    tags: tags
    namePrefix: namePrefix
    serviceBusId: serviceBusId
    actionGroupId: empty(emails) ? '' : actionGroup.id
    docs: docs
  }
}
