import { setTimeout as delay } from 'node:timers/promises';
import { epochMs } from '../domain/time.ts';
import type { Clock } from '../ports.ts';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => epochMs(Date.now()),
  sleep: async (span, signal) => {
    await delay(span, undefined, signal === undefined ? {} : { signal });
  },
};
