import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';

type Exporting = NonNullable<AzureMonitorOpenTelemetryOptions['azureMonitorExporterOptions']>;
type Policy = NonNullable<Exporting['additionalPolicies']>[number]['policy'];

/**
 * Around all attempts at a request (the SDK repeats by itself, three times). The exporter drops what fails in the end and says so only
 * where nobody listens. Told are the status or the name of the error: a message could repeat what was sent.
 */
export function reportFailures(failed: (error: string) => void): Policy {
  return {
    name: 'reportFailures',
    async sendRequest(request, next) {
      try {
        const response = await next(request);
        if (response.status >= 400) failed(`status ${response.status}`);
        return response;
      } catch (error) {
        failed(nameOf(error));
        throw error;
      }
    },
  };
}

function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
