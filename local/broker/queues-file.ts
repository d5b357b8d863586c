import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { QueueSettings } from './engine/queue-settings.ts';

/** infra/queues.json, the one source of queue settings; durations are ISO 8601. */
const schema = z.object({
  queues: z.array(
    z.object({
      name: z.string().min(1),
      requiresSession: z.boolean(),
      duplicateDetectionWindow: z.string().nullable(),
      lockDuration: z.string(),
      maxDeliveryCount: z.int().positive(),
      timeToLive: z.string(),
    }),
  ),
});

const durationPattern = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Reads the file. `lockSeconds` shortens every lock that is longer. */
export function readQueuesFile(path: string, lockSeconds: number | undefined): QueueSettings[] {
  const { queues } = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const longestLockMs = lockSeconds === undefined ? Number.POSITIVE_INFINITY : lockSeconds * 1000;
  return queues.map((queue) => ({
    name: queue.name,
    requiresSession: queue.requiresSession,
    duplicateWindowMs:
      queue.duplicateDetectionWindow === null ? undefined : durationMs(queue.duplicateDetectionWindow),
    lockMs: Math.min(durationMs(queue.lockDuration), longestLockMs),
    maxDeliveryCount: queue.maxDeliveryCount,
    timeToLiveMs: durationMs(queue.timeToLive),
  }));
}

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds. Throws on anything else. */
export function durationMs(text: string): number {
  const match = durationPattern.exec(text);
  if (match === null || text.length < 3) throw new Error(`not an ISO 8601 duration: ${text}`);
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}
