import { setLogLevel } from '@azure/logger';
import { useAzureMonitor } from '@azure/monitor-opentelemetry';
import { isSpanContextValid, metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { TelemetrySettings } from '../../telemetry/settings.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import { version } from '../../version.ts';
import { credentialFor } from '../credential.ts';
import { reportFailures } from './report-failures.ts';
import type { Sender } from './sender.ts';
import { processClock } from './span-clock.ts';
import { telemetryOver } from './telemetry-over.ts';

type MonitorSender = Sender & { failed: (error: string) => void };

/**
 * Starts the SDK of Azure Monitor and answers the port over it. Only what we measure ourselves is sent: nothing is instrumented
 * from outside, so no URL, header or statement can get in. Throws where the settings are refused.
 */
export function startAzureMonitor(settings: TelemetrySettings, sender: MonitorSender): Telemetry {
  keepToOurselves(process.env);
  useAzureMonitor({
    resource: resourceFromAttributes({
      'service.name': `writeback-${sender.role}`,
      'service.instance.id': sender.instance,
      'service.version': version,
    }),
    samplingRatio: settings.samplingRatio,
    // Greater than 0, it would limit traces by rate, each process for itself, and leave torn ones.
    tracesPerSecond: 0,
    enableTraceBasedSamplingForLogs: false,
    enableLiveMetrics: false,
    enableStandardMetrics: false,
    enablePerformanceCounters: false,
    instrumentationOptions: noInstrumentation,
    azureMonitorExporterOptions: {
      connectionString: settings.connectionString,
      // What cannot be sent would be kept in files under the system's temporary folder.
      disableOfflineStorage: true,
      additionalPolicies: [{ policy: reportFailures(sender.failed), position: 'perCall' }],
      ...(settings.entra === undefined ? {} : { credential: credentialFor(settings.entra.clientId) }),
    },
  });
  // The SDK switches on the warnings of every Azure SDK in this process; they are not made for our log.
  if (process.env['AZURE_LOG_LEVEL'] === undefined) setLogLevel();
  return checked(telemetryOver(openSdk(), processClock));
}

const off = { enabled: false };
const noInstrumentation = {
  ...{ azureSdk: off, http: off, mongoDb: off, mySql: off, postgreSql: off },
  ...{ redis: off, redis4: off, bunyan: off, winston: off, console: off },
};

/** What the SDK tells its makers and says about this machine; it reads these from the environment only. Whoever sets them decides. */
function keepToOurselves(environment: NodeJS.ProcessEnv): void {
  environment['APPLICATION_INSIGHTS_NO_STATSBEAT'] ??= 'true';
  environment['APPLICATIONINSIGHTS_SDKSTATS_DISABLED'] ??= 'true';
  environment['APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED'] ??= 'true';
}

const scope = 'entra-writeback';

function openSdk(): Parameters<typeof telemetryOver>[0] {
  const providers = [trace.getTracerProvider(), metrics.getMeterProvider(), logs.getLoggerProvider()];
  return {
    tracer: trace.getTracer(scope),
    meter: metrics.getMeter(scope),
    logger: logs.getLogger(scope),
    flush: async () => {
      await Promise.allSettled(providers.map(flushProvider));
    },
  };
}

/** The API hands out providers without `forceFlush`, and that of traces behind a proxy. */
async function flushProvider(provider: object): Promise<void> {
  const real = 'getDelegate' in provider ? (provider.getDelegate as () => object)() : provider;
  if ('forceFlush' in real) await (real.forceFlush as () => Promise<void>).call(real);
}

/** A span without an id would break every trace that passes through here. */
function checked(telemetry: Telemetry): Telemetry {
  const probe = trace.getTracer(scope).startSpan('probe', {}, ROOT_CONTEXT);
  if (!isSpanContextValid(probe.spanContext())) throw new Error('the SDK did not start');
  return telemetry;
}
