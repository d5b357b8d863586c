import type { EventName } from './events.ts';
import type { DimensionsOf, MetricName } from './metrics.ts';
import type { SpanAttributes, SpanName } from './spans.ts';
import { beginTrace } from './trace.ts';

/** A piece of work under way. `traceparent` (W3C Trace Context) goes on with every message that the work sends. */
export type Span<S extends SpanName> = {
  readonly traceparent: string;
  /** `failed` where an error stopped it. `endedAt`: epoch ms, now where absent. Only the first call counts. */
  end(how?: { outcome?: 'ok' | 'failed'; attributes?: SpanAttributes<S>; endedAt?: number }): void;
};

/** `parent`: the traceparent that came with the message; without one the span begins a trace. `links`: related traces. */
export type SpanStart<S extends SpanName> = {
  parent?: string;
  /** Epoch ms; now where absent. */
  startedAt?: number;
  links?: readonly string[];
  attributes?: SpanAttributes<S>;
};

export type Severity = 'info' | 'warn' | 'loud';

/** Where measurements go. Nothing here throws, and nothing waits: what cannot be sent is lost. */
export type Telemetry = {
  record<M extends MetricName>(metric: M, value: number, dimensions: DimensionsOf<M>): void;
  start<S extends SpanName>(name: S, how: SpanStart<S>): Span<S>;
  /** A line of the log. `trace`: the traceparent it belongs to. */
  event(
    event: EventName,
    line: { severity: Severity; fields: Record<string, unknown>; trace?: string },
  ): void;
  /** Sends what has gathered; resolves when it is sent or lost. */
  flush(): Promise<void>;
};

/** No telemetry: traces are carried on all the same, so that log lines of both processes can be joined. */
export function noTelemetry(randomHex: (bytes: number) => string): Telemetry {
  return {
    record: () => undefined,
    start: (_, { parent }) => ({
      traceparent: parent ?? beginTrace(randomHex),
      end: () => undefined,
    }),
    event: () => undefined,
    flush: () => Promise.resolve(),
  };
}
