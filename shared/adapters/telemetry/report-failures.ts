import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { z } from 'zod';

type Exporting = NonNullable<AzureMonitorOpenTelemetryOptions['azureMonitorExporterOptions']>;
type Policy = NonNullable<Exporting['additionalPolicies']>[number]['policy'];

/**
 * Around all attempts at a request (the SDK repeats by itself, three times). The exporter drops what fails in the end and says so only
 * where nobody listens; so does a request of which only a part was taken (206). Told are the status, how many items, or the name of the
 * error: a message could repeat what was sent.
 */
export function reportFailures(failed: (error: string) => void): Policy {
  return {
    name: 'reportFailures',
    async sendRequest(request, next) {
      try {
        const response = await next(request);
        if (response.status >= 400) failed(`status ${response.status}`);
        else if (response.status === 206) failed(`status 206, ${refusedIn(response.bodyAsText)}`);
        return response;
      } catch (error) {
        failed(nameOf(error));
        throw error;
      }
    },
  };
}

/** How many items of a request were not taken; the reasons, which could repeat them, stay behind. */
function refusedIn(body: string | null | undefined): string {
  const outcome = answer.safeParse(body);
  if (!outcome.success) return 'some items refused';
  const { itemsReceived, itemsAccepted } = outcome.data;
  return `${itemsReceived - itemsAccepted} of ${itemsReceived} items refused`;
}

const answer = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.object({ itemsReceived: z.number(), itemsAccepted: z.number() }));

function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
