/** The trace id of a traceparent (W3C Trace Context), for log lines. */
export const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';

/** A traceparent that begins a trace; `randomHex` gives that many random bytes as lower-case hex. */
export const beginTrace = (randomHex: (bytes: number) => string): string =>
  `00-${randomHex(16)}-${randomHex(8)}-01`;
