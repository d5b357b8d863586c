import {
  type Context,
  type Meter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type AnyValueMap, type Logger, SeverityNumber } from '@opentelemetry/api-logs';
import { type MetricName, metrics } from '../../telemetry/metrics.ts';
import { type SpanName, type SpanSpec, spans } from '../../telemetry/spans.ts';
import type { Severity, Span, SpanStart, Telemetry } from '../../telemetry/telemetry.ts';
import type { SpanClock } from './span-clock.ts';
import { contextOf, traceparentOf } from './traceparent.ts';

/** What OpenTelemetry offers to whoever measures. */
export type OverSdk = { tracer: Tracer; meter: Meter; logger: Logger; flush: () => Promise<void> };

/** Sending must not hold up the end of a process for longer. */
const flushMs = 10_000;

/** The port over OpenTelemetry's API. Parents are always named, never found in an ambient context: a batch has many. */
export function telemetryOver({ tracer, meter, logger, flush }: OverSdk, clock: SpanClock): Telemetry {
  const instruments = instrumentsOf(meter);
  return {
    record: (metric, value, dimensions) =>
      instruments[metric](value, { ...dimensions } as Record<string, string>),
    start: (name, how) => startSpan({ tracer, clock }, name, how),
    event(event, { severity, fields, trace: traceparent }) {
      logger.emit({
        body: event,
        severityNumber: severityNumbers[severity],
        severityText: severity,
        attributes: attributesOf(fields),
        context: parentOf(traceparent),
      });
    },
    async flush() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const limit = setTimeout(resolve, flushMs);
      await Promise.race([flush(), promise]);
      clearTimeout(limit);
    },
  };
}

type Instrument = (value: number, dimensions: Record<string, string>) => void;

function instrumentsOf(meter: Meter): Record<MetricName, Instrument> {
  const names = Object.keys(metrics) as MetricName[];
  return Object.fromEntries(names.map((name) => [name, instrumentOf(meter, name)])) as Record<
    MetricName,
    Instrument
  >;
}

function instrumentOf(meter: Meter, name: MetricName): Instrument {
  const { instrument, unit, help } = metrics[name];
  const options = { unit, description: help };
  if (instrument === 'counter') {
    const counter = meter.createCounter(name, options);
    return (value, dimensions) => counter.add(value, dimensions);
  }
  const recorder =
    instrument === 'gauge' ? meter.createGauge(name, options) : meter.createHistogram(name, options);
  return (value, dimensions) => recorder.record(value, dimensions);
}

const kinds: Record<SpanSpec['kind'], SpanKind> = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
};

type Starting = { tracer: Tracer; clock: SpanClock };

function startSpan<S extends SpanName>({ tracer, clock }: Starting, name: S, how: SpanStart<S>): Span<S> {
  const { parent, startedAt, links = [], attributes = {} } = how;
  const [atWall, atMonotonic] = [clock.now(), clock.monotonicMs()];
  const span = tracer.startSpan(
    name,
    {
      kind: kinds[spans[name].kind],
      // The exporter names only requests of kind `server` by themselves; a consumer's takes its name from this.
      attributes: { ...attributes, 'ai.operation.name': name },
      links: links.flatMap((link) => contextOf(link) ?? []).map((context) => ({ context })),
      startTime: startedAt ?? atWall,
    },
    parentOf(parent),
  );
  return {
    traceparent: traceparentOf(span.spanContext()),
    end({ outcome = 'ok', attributes: last = {}, endedAt } = {}) {
      span.setAttributes({ ...last });
      if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(endedAt ?? atWall + clock.monotonicMs() - atMonotonic);
    },
  };
}

function parentOf(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? undefined : contextOf(traceparent);
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
}

const severityNumbers: Record<Severity, SeverityNumber> = {
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  loud: SeverityNumber.FATAL,
};

/** Properties in Application Insights are texts: what is more than a plain value becomes JSON. */
function attributesOf(fields: Record<string, unknown>): AnyValueMap {
  const attributes: AnyValueMap = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    attributes[name] = isPlain ? value : JSON.stringify(value);
  }
  return attributes;
}
