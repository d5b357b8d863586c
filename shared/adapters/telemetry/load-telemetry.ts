import { createLog } from '../../telemetry/log.ts';
import type { ReadTelemetry } from '../../telemetry/settings.ts';
import { noTelemetry, type Telemetry } from '../../telemetry/telemetry.ts';
import type { Sender } from './sender.ts';
import { processClock } from './span-clock.ts';
import { tellSometimes } from './tell-sometimes.ts';

/** What cannot be sent is told at most this often. */
const tellEveryMs = 600_000;

/**
 * Telemetry to Azure Monitor, or none without settings. The SDK is loaded only where it is used: it takes some hundred
 * milliseconds. Never throws: an app that cannot measure works on, and says so on its console (telemetry cannot carry it);
 * loudly where its settings are wrong, as nothing but a person mends that.
 */
export async function loadTelemetry(
  { settings, problems }: ReadTelemetry,
  sender: Sender,
): Promise<Telemetry> {
  const console = createLog({ app: sender.role }, { event: () => undefined });
  if (problems.length > 0) console.loud('telemetry failed', { error: problems.join('; ') });
  if (settings === undefined) return noTelemetry(sender.randomHex);
  const tell = tellSometimes(
    (error) => console.warn('telemetry failed', { error }),
    tellEveryMs,
    processClock,
  );
  try {
    const { startAzureMonitor } = await import('./azure-monitor.ts');
    return startAzureMonitor(settings, { ...sender, failed: tell });
  } catch (error) {
    tell(error instanceof Error ? error.name : 'not started');
    return noTelemetry(sender.randomHex);
  }
}
