/** Where a message came from, so that one change is one trace with its times. What is sent goes on with it; the pipeline puts the span in. */
export type Origin = { traceparent: string; event?: number; ring: number };

/** The times that a follow-up message inherits. */
export function timesOf(origin: Origin): { event?: number; ring: number } {
  return origin.event === undefined ? { ring: origin.ring } : { event: origin.event, ring: origin.ring };
}
