import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { processClock, type SpanClock } from '../../../../shared/adapters/telemetry/span-clock.ts';
import { telemetryOver } from '../../../../shared/adapters/telemetry/telemetry-over.ts';
import { metrics } from '../../../../shared/telemetry/metrics.ts';

/** The port over the real SDK, with exporters that keep what they get. */
function scene(clock: SpanClock = processClock) {
  const [spans, logs] = [new InMemorySpanExporter(), new InMemoryLogRecordExporter()];
  const measured = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: logs })] });
  const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 3_600_000 });
  const meters = new MeterProvider({ readers: [reader] });
  const sdk = {
    tracer: tracers.getTracer('test'),
    meter: meters.getMeter('test'),
    logger: loggers.getLogger('test'),
    flush: () => meters.forceFlush(),
  };
  const telemetry = telemetryOver(sdk, clock);
  return { telemetry, spans, logs, measured };
}

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('starts a span within the trace of another process, from when it says until when it says', () => {
  const { telemetry, spans } = scene();
  const span = telemetry.start('apply', { parent, startedAt: 5_000, attributes: { of: 'user', lane: '7' } });
  span.end({ attributes: { outcome: 'created' }, endedAt: 5_250 });
  const [exported] = spans.getFinishedSpans();
  expect(exported?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(exported?.parentSpanContext).toMatchObject({ spanId: 'b7ad6b7169203331', isRemote: true });
  expect(span.traceparent).toBe(`00-0af7651916cd43dd8448eb211c80319c-${exported?.spanContext().spanId}-01`);
  expect(exported).toMatchObject({ name: 'apply', kind: SpanKind.CONSUMER, startTime: [5, 0] });
  expect(exported?.endTime).toEqual([5, 250_000_000]);
  // The exporter to Azure Monitor takes the name of a consumer from `ai.operation.name`.
  const attributes = { of: 'user', lane: '7', outcome: 'created', 'ai.operation.name': 'apply' };
  expect(exported?.attributes).toEqual(attributes);
  expect(exported?.status.code).toBe(SpanStatusCode.UNSET);
});

it('lasts as long as it took, whatever happens to the wall clock meanwhile', () => {
  const clock = { wall: 1_795_000_000_000, monotonic: 50 };
  const { telemetry, spans } = scene({ now: () => clock.wall, monotonicMs: () => clock.monotonic });
  const [now, before] = [{}, { startedAt: clock.wall - 1_000 }].map((how) => telemetry.start('ldap', how));
  clock.wall -= 3_600_000;
  clock.monotonic += 0.25;
  now?.end();
  before?.end();
  expect(spans.getFinishedSpans().map(({ startTime, endTime }) => [startTime, endTime])).toEqual([
    [
      [1_795_000_000, 0],
      [1_795_000_000, 250_000],
    ],
    [
      [1_794_999_999, 0],
      [1_795_000_000, 250_000],
    ],
  ]);
});

it('begins a trace without a parent, or where the parent is none', () => {
  const { telemetry, spans } = scene();
  for (const wrong of [undefined, 'no traceparent', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`]) {
    telemetry.start('ring', wrong === undefined ? {} : { parent: wrong }).end();
  }
  const finished = spans.getFinishedSpans();
  expect(finished.map(({ parentSpanContext }) => parentSpanContext)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(new Set(finished.map((span) => span.spanContext().traceId)).size).toBe(3);
});

it('links, and says what failed; only the first end counts', () => {
  const { telemetry, spans } = scene();
  const page = telemetry.start('read page', { links: [parent, 'none'] });
  page.end({ outcome: 'failed', attributes: { sent: 1 } });
  page.end({ attributes: { sent: 2 } });
  const [exported, ...others] = spans.getFinishedSpans();
  expect(others).toEqual([]);
  expect(exported?.links.map(({ context }) => context.spanId)).toEqual(['b7ad6b7169203331']);
  expect(exported?.status.code).toBe(SpanStatusCode.ERROR);
  expect(exported?.attributes['sent']).toBe(1);
});

it('makes log records of events, in the trace that they belong to', () => {
  const { telemetry, logs } = scene();
  const fields = { id: 'x', ms: 5, changed: ['mail'], times: { ring: 1 }, code: undefined };
  telemetry.event('applied', { severity: 'loud', fields, trace: parent });
  telemetry.event('stopped', { severity: 'info', fields: {} });
  const [applied, stopped] = logs.getFinishedLogRecords();
  expect(applied).toMatchObject({ body: 'applied', severityNumber: SeverityNumber.FATAL });
  expect(applied?.attributes).toEqual({ id: 'x', ms: 5, changed: '["mail"]', times: '{"ring":1}' });
  expect(applied?.spanContext).toMatchObject({ spanId: 'b7ad6b7169203331' });
  expect(stopped).toMatchObject({ body: 'stopped', severityNumber: SeverityNumber.INFO });
  expect(stopped?.spanContext).toBeUndefined();
});

it('records counters, histograms and gauges with the unit and the help of the table', async () => {
  const { telemetry, measured } = scene();
  telemetry.record('writeback.changes', 2, { of: 'user', outcome: 'created' });
  telemetry.record('writeback.changes', 3, { of: 'user', outcome: 'created' });
  telemetry.record('writeback.apply.duration', 5, { of: 'user', outcome: 'created' });
  telemetry.record('writeback.apply.duration', 15, { of: 'user', outcome: 'created' });
  telemetry.record('writeback.queue.age', 8, { queue: 'writes' });
  telemetry.record('writeback.queue.age', 4, { queue: 'writes' });
  await telemetry.flush();
  const told = measured
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((one) => one.metrics));
  expect(told.map(({ descriptor: { name, unit, description } }) => [name, unit, description])).toEqual(
    (['writeback.changes', 'writeback.apply.duration', 'writeback.queue.age'] as const)
      .toSorted((a, b) => Object.keys(metrics).indexOf(a) - Object.keys(metrics).indexOf(b))
      .map((name) => [name, metrics[name].unit, metrics[name].help]),
  );
  const values = told.map(({ dataPoints }) => dataPoints.map(({ value }) => value));
  expect(values).toEqual([[5], [expect.objectContaining({ sum: 20, count: 2, min: 5, max: 15 })], [4]]);
});
