/** Where a message came from, so that one change is one trace with its times. */
export type Origin = { traceparent: string; event?: number; ring: number };

/** The same trace, a new span (W3C Trace Context). */
export function childOf(traceparent: string, randomHex: (bytes: number) => string): string {
  const [version = '00', trace = '', , flags = '01'] = traceparent.split('-');
  return `${version}-${trace}-${randomHex(8)}-${flags}`;
}

/** The times that a follow-up message inherits. */
export function timesOf(origin: Origin): { event?: number; ring: number } {
  return origin.event === undefined ? { ring: origin.ring } : { event: origin.event, ring: origin.ring };
}
