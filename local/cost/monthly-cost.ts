import { assumptions as is, prices } from './prices.ts';

export type Deployment = { users: number; instancesEach: number; memoryMb: number };
/** `quantity`: in words, so that the sum can be done again. */
export type Line = { what: string; quantity: string; dollars: number };

/** What a month costs, line by line. */
export function monthlyCost(deployment: Deployment): Line[] {
  const changes = deployment.users * is.changesPerUserAndMonth;
  return [
    ...functions(deployment, changes),
    serviceBus(changes),
    telemetry(changes),
    storage(deployment, changes),
    alerts(),
  ];
}

export const total = (lines: readonly Line[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0);

function functions({ instancesEach, memoryMb }: Deployment, changes: number): Line[] {
  const gb = memoryMb / 1_024;
  const instances = instancesEach * is.alwaysReadyFunctions;
  const idleGbSeconds = instances * gb * is.hoursPerMonth * 3_600;
  const byMessage = changes * is.executionsPerChange + is.readerExecutionsPerHour * is.hoursPerMonth;
  const byTimer = is.timerExecutionsPerHour * is.hoursPerMonth;
  const gbSeconds = (executions: number): number => executions * is.secondsPerExecution * gb;
  const price = instances > 0 ? prices.readyPerGbSecond : prices.onDemandPerGbSecond;
  const working = gbSeconds(byMessage) * price + gbSeconds(byTimer) * prices.onDemandPerGbSecond;
  const counted = ((byMessage + byTimer) / 1e6) * prices.perMillionExecutions;
  return [
    {
      what: 'Functions, always ready',
      quantity: `${instances} instances of ${gb} GB`,
      dollars: idleGbSeconds * prices.baselinePerGbSecond,
    },
    {
      what: 'Functions, at work',
      quantity: `${thousands(byMessage + byTimer)} executions of ${is.secondsPerExecution} s`,
      dollars: working + counted,
    },
  ];
}

function serviceBus(changes: number): Line {
  const operations = changes * is.busOperationsPerChange + is.busIdleOperationsPerHour * is.hoursPerMonth;
  const beyond = Math.max(0, operations / 1e6 - prices.busIncludedMillions);
  return {
    what: 'Service Bus Standard',
    quantity: `${thousands(operations)} operations, ${prices.busIncludedMillions} million included`,
    dollars: prices.busPerHour * is.hoursPerMonth + beyond * prices.busPerMillionOperations,
  };
}

function telemetry(changes: number): Line {
  const perChange =
    is.ownTelemetryKilobytesPerChange + is.executionsPerChange * is.hostTelemetryKilobytesPerExecution;
  const idleExecutions = is.readerExecutionsPerHour + is.timerExecutionsPerHour;
  const megabytesPerHour =
    is.idleTelemetryMegabytesPerHour + (idleExecutions * is.hostTelemetryKilobytesPerExecution) / 1e3;
  const gb = (changes * perChange) / 1e6 + (megabytesPerHour * is.hoursPerMonth) / 1e3;
  return { what: 'Log Analytics', quantity: `${gb.toFixed(1)} GB`, dollars: gb * prices.logsPerGb };
}

function storage({ users }: Deployment, changes: number): Line {
  const operations = changes * is.tableOperationsPerChange + is.tableOperationsPerHour * is.hoursPerMonth;
  const gb = (users * 1.1 * is.kilobytesPerRow + changes * 12) / 1e6;
  const blobWrites = is.blobWritesPerHour * is.hoursPerMonth;
  return {
    what: 'Storage, tables and blobs',
    quantity: `${gb.toFixed(1)} GB, ${thousands(operations + blobWrites)} transactions`,
    dollars:
      gb * prices.tablesPerGbMonth +
      (operations / 1e4) * prices.tablesPerTenThousand +
      (blobWrites / 1e4) * prices.blobWritesPerTenThousand,
  };
}

function alerts(): Line {
  const { logAlertsEveryFiveMinutes: often, logAlertsLessOften: seldom, metricAlertSeries: series } = is;
  return {
    what: 'Alert rules',
    quantity: `${often} every 5 min, ${seldom} less often, ${series} metric series`,
    dollars:
      often * prices.logAlertFiveMinutes +
      seldom * prices.logAlertFifteenMinutes +
      series * prices.metricAlertSeries,
  };
}

/** `1,234,567` as `1,230,000`: no more digits than are known. */
function thousands(count: number): string {
  return Number(count.toPrecision(3)).toLocaleString('en');
}
