import { randomBytes } from 'node:crypto';
import type { EventName } from '../../shared/telemetry/events.ts';
import type { MetricName } from '../../shared/telemetry/metrics.ts';
import type { SpanName } from '../../shared/telemetry/spans.ts';
import type { Severity, Telemetry } from '../../shared/telemetry/telemetry.ts';

export type Measurement = { metric: MetricName; value: number; dimensions: Record<string, string> };
export type RecordedSpan = {
  name: SpanName;
  traceId: string;
  spanId: string;
  /** Span id of the parent; undefined for the root of a trace. */
  parent: string | undefined;
  /** Traceparents. */
  links: readonly string[];
  startedAt: number | undefined;
  endedAt: number | undefined;
  attributes: Record<string, string | number>;
  outcome: 'ok' | 'failed' | undefined;
  isEnded: boolean;
};
export type RecordedEvent = {
  event: EventName;
  severity: Severity;
  fields: Record<string, unknown>;
  trace: string | undefined;
};

/** Telemetry that keeps what it was told. */
export class FakeTelemetry implements Telemetry {
  readonly measurements: Measurement[] = [];
  readonly spans: RecordedSpan[] = [];
  readonly events: RecordedEvent[] = [];
  flushes = 0;

  record: Telemetry['record'] = (metric, value, dimensions) => {
    this.measurements.push({ metric, value, dimensions: { ...dimensions } as Record<string, string> });
  };

  start: Telemetry['start'] = (name, { parent, startedAt, links = [], attributes }) => {
    const [, parentTrace, parentSpan] = parent?.split('-') ?? [];
    const traceId = parentTrace ?? randomBytes(16).toString('hex');
    const spanId = randomBytes(8).toString('hex');
    const span: RecordedSpan = {
      ...{ name, traceId, spanId, parent: parentSpan, links, startedAt, endedAt: undefined },
      ...{ attributes: { ...attributes }, outcome: undefined, isEnded: false },
    };
    this.spans.push(span);
    return {
      traceparent: `00-${traceId}-${spanId}-01`,
      end: (how = {}) => {
        if (span.isEnded) return;
        span.isEnded = true;
        span.endedAt = how.endedAt;
        span.outcome = how.outcome ?? 'ok';
        Object.assign(span.attributes, how.attributes);
      },
    };
  };

  event: Telemetry['event'] = (event, { severity, fields, trace }) => {
    this.events.push({ event, severity, fields, trace });
  };

  flush = (): Promise<void> => {
    this.flushes += 1;
    return Promise.resolve();
  };

  /** What was recorded of one metric, with these dimensions at least. */
  of(metric: MetricName, dimensions: Record<string, string> = {}): Measurement[] {
    return this.measurements.filter(
      (one) =>
        one.metric === metric &&
        Object.entries(dimensions).every(([name, value]) => one.dimensions[name] === value),
    );
  }

  /** Spans whose parent is not among the spans: the roots, and what has lost its parent. */
  withoutParent(): RecordedSpan[] {
    const known = new Set(this.spans.map(({ spanId }) => spanId));
    return this.spans.filter(({ parent }) => parent === undefined || !known.has(parent));
  }
}
