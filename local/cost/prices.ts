/**
 * List prices in US dollars, pay as you go, as publications of 2025 and 2026 quoted them for regions of the United States. Nobody has
 * compared them with a bill: put in your own (Azure pricing calculator, or the Retail Prices API).
 */
export const prices = {
  /** Flex Consumption: what instances that are always ready cost by being there, and while they work; and the others while they work. */
  baselinePerGbSecond: 0.000004,
  readyPerGbSecond: 0.000016,
  onDemandPerGbSecond: 0.000026,
  perMillionExecutions: 0.4,
  /** Service Bus Standard: the namespace, and operations beyond those that are included. */
  busPerHour: 0.0135,
  busIncludedMillions: 13,
  busPerMillionOperations: 0.8,
  /** Log Analytics: ingestion, with 31 days of keeping (and 90 for what Application Insights sends). */
  logsPerGb: 2.3,
  tablesPerGbMonth: 0.045,
  tablesPerTenThousand: 0.00036,
  blobWritesPerTenThousand: 0.05,
  /** Alerts: a query every five minutes, every fifteen or more; a time series of a metric. */
  logAlertFiveMinutes: 1.5,
  logAlertFifteenMinutes: 0.5,
  metricAlertSeries: 0.1,
} as const;

/** What a deployment is taken to do. Free grants are not counted. */
export const assumptions = {
  hoursPerMonth: 730,
  changesPerUserAndMonth: 2,
  /** Notification, the reader at once and a minute later, the recorder. None shares a batch with another. */
  executionsPerChange: 4,
  /** Flex bills an execution as one second at least. */
  secondsPerExecution: 1,
  /** Two readers for each sweep, every five minutes. */
  readerExecutionsPerHour: 24,
  /** Sweep, stock-taking and subscriptions: these wake an instance on demand. */
  timerExecutionsPerHour: 20,
  /** Two rings, a command, a result: sent, received, settled; and the state of the lane's session. */
  busOperationsPerChange: 20,
  /** Waiting for messages: a try a minute by each trigger and by each waiting lane of two relays. */
  busIdleOperationsPerHour: 1_500,
  tableOperationsPerChange: 12,
  tableOperationsPerHour: 300,
  /** A row per object (with as many groups as a tenth of the users), and a year of the log at 1 KB a line. */
  kilobytesPerRow: 2,
  blobWritesPerHour: 700,
  /** Own spans and events of a change: 8.5 KB, the mean of 213 traces of `npm start -- --once --telemetry`, as they are sent. */
  ownTelemetryKilobytesPerChange: 9,
  /** What the Functions host tells of an execution, also of one that finds nothing to do: guessed, never seen. */
  hostTelemetryKilobytesPerExecution: 2,
  /**
   * What the app and one relay send while nothing changes: measured with `npm start -- --telemetry` and the intervals of production. A
   * minute of the relay 1.5 KB, a sweep 8.7 KB, a stock-taking 43 KB (a row for each code and kind), a look at the subscriptions 1 KB.
   */
  idleTelemetryMegabytesPerHour: 0.45,
  alwaysReadyFunctions: 4,
  logAlertsEveryFiveMinutes: 3,
  logAlertsLessOften: 7,
  metricAlertSeries: 7,
} as const;
