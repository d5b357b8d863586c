import { type DurationMs, durationMs } from '../domain/time.ts';
import type { ErrorCode } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { Log } from '../telemetry/log.ts';
import type { Items } from './items.ts';

/** What is known of the items of one request. */
export type Counts = Partial<Items['dropped'] & { hints: number; lifecycle: number }>;

/** What the log says about requests that are not simply taken. */
export type WebhookNews = {
  dropped(counts: Counts): void;
  refused(status: 400 | 413): void;
  unavailable(counts: Counts, code: ErrorCode): void;
};

const periodMs = durationMs(60_000);

/**
 * Anyone may call the webhooks, and every line costs. So the first of a kind is told at once, and what follows at most once a minute,
 * added up; `requests` says how many there were. What comes last is told with the next one: the metric has counted it.
 */
export function createWebhookNews({ log, clock }: { log: Log; clock: Pick<Clock, 'now'> }): WebhookNews {
  const told = new Map<string, Sum>();
  const sumOf = (kind: string): Sum => {
    const sum = told.get(kind) ?? addingUp(clock, periodMs);
    told.set(kind, sum);
    return sum;
  };
  return {
    dropped: (counts) => sumOf('dropped')(counts, (sum) => log.warn('items dropped', sum)),
    refused: (status) =>
      sumOf(`refused ${status}`)({}, (sum) => log.warn('webhook refused', { status, ...sum })),
    unavailable: (counts, code) =>
      sumOf(`unavailable ${code}`)(counts, (sum) => log.warn('webhook unavailable', { ...sum, code })),
  };
}

type Sum = (counts: Counts, tell: (sum: Counts & { requests: number }) => void) => void;

function addingUp(clock: Pick<Clock, 'now'>, everyMs: DurationMs): Sum {
  let gathered: Record<string, number> & { requests: number } = { requests: 0 };
  let toldAt = Number.NEGATIVE_INFINITY;
  return (counts, tell) => {
    for (const [name, count] of Object.entries(counts)) gathered[name] = (gathered[name] ?? 0) + count;
    gathered.requests += 1;
    if (clock.now() - toldAt < everyMs) return;
    toldAt = clock.now();
    tell(gathered);
    gathered = { requests: 0 };
  };
}
