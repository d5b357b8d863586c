import type { Telemetry } from './telemetry.ts';

/** Telemetry that is handed out before the real one is loaded; until then it is `before`. */
export function lateTelemetry(before: Telemetry): { telemetry: Telemetry; become(real: Telemetry): void } {
  let current = before;
  return {
    telemetry: {
      record: (metric, value, dimensions) => current.record(metric, value, dimensions),
      start: (name, how) => current.start(name, how),
      event: (event, line) => current.event(event, line),
      flush: () => current.flush(),
    },
    become(real) {
      current = real;
    },
  };
}
