import type { Telemetry } from './telemetry.ts';

/**
 * Work of which the process may not outlive the end by much: an instance that was started for a timer can be gone half a minute
 * later, and metrics leave once a minute. What was measured is sent before the work counts as done, also where it fails.
 */
export function flushAfter(
  telemetry: Pick<Telemetry, 'flush'>,
  work: () => Promise<void>,
): () => Promise<void> {
  return async () => {
    try {
      await work();
    } finally {
      await telemetry.flush();
    }
  };
}
