import type { Envelope } from './envelope.ts';

/** A row of AppRequests or AppDependencies. Times are epoch ms. */
export type ReceivedSpan = {
  table: 'AppRequests' | 'AppDependencies';
  id: string;
  /** Absent: the span begins its trace. */
  parentId: string | undefined;
  traceId: string;
  name: string;
  role: string;
  startedAt: number;
  durationMs: number;
  success: boolean;
  attributes: Record<string, string>;
  /** Trace ids of the traces that it links to. */
  links: string[];
};

/** A row of AppTraces. */
export type ReceivedEvent = {
  name: string;
  severity: string | undefined;
  role: string;
  traceId: string | undefined;
  spanId: string | undefined;
  at: number;
  fields: Record<string, string>;
};

/** A row of AppMetrics. */
export type ReceivedMetric = {
  name: string;
  role: string;
  sum: number;
  count: number;
  min: number | undefined;
  max: number | undefined;
  at: number;
  dimensions: Record<string, string>;
};

/** Everything that was received, as the tables of Azure Monitor would show it. */
export type Telemetry = {
  spans: ReceivedSpan[];
  events: ReceivedEvent[];
  metrics: ReceivedMetric[];
  /** Names of what is none of these: exceptions and custom events, which this product does not send. */
  others: string[];
};

/** Sorts items into spans, events and metrics. */
export function telemetryFrom(items: readonly Envelope[]): Telemetry {
  const telemetry: Telemetry = { spans: [], events: [], metrics: [], others: [] };
  for (const item of items) {
    const { data } = item;
    if (data.baseType === 'RequestData' || data.baseType === 'RemoteDependencyData')
      telemetry.spans.push(spanFrom(item, data));
    else if (data.baseType === 'MessageData') telemetry.events.push(eventFrom(item, data.baseData));
    else if (data.baseType === 'MetricData') telemetry.metrics.push(...metricFrom(item, data.baseData));
    else telemetry.others.push(data.baseType);
  }
  return telemetry;
}

type DataOf<T extends Envelope['data']['baseType']> = Extract<Envelope['data'], { baseType: T }>;

function spanFrom(
  { tags, time }: Envelope,
  { baseType, baseData }: DataOf<'RequestData'> | DataOf<'RemoteDependencyData'>,
): ReceivedSpan {
  const { '_MS.links': links, ...attributes } = baseData.properties;
  return {
    table: baseType === 'RequestData' ? 'AppRequests' : 'AppDependencies',
    id: baseData.id ?? '',
    parentId: tags['ai.operation.parentId'],
    traceId: tags['ai.operation.id'] ?? '',
    name: baseData.name ?? '',
    role: tags['ai.cloud.role'] ?? '',
    startedAt: Date.parse(time),
    durationMs: millisecondsOf(baseData.duration),
    success: baseData.success,
    attributes,
    links: links === undefined ? [] : linkedTraces(links),
  };
}

const linkedTraces = (links: string): string[] =>
  (JSON.parse(links) as { operation_Id: string }[]).map((link) => link.operation_Id);

const eventFrom = (
  { tags, time }: Envelope,
  { message, severityLevel, properties }: DataOf<'MessageData'>['baseData'],
): ReceivedEvent => ({
  name: message,
  severity: severityLevel,
  role: tags['ai.cloud.role'] ?? '',
  traceId: tags['ai.operation.id'],
  spanId: tags['ai.operation.parentId'],
  at: Date.parse(time),
  fields: properties,
});

/** Only the first data point is kept. */
const metricFrom = (
  { tags, time }: Envelope,
  { metrics, properties }: DataOf<'MetricData'>['baseData'],
): ReceivedMetric[] =>
  metrics.slice(0, 1).map(({ name, value, count, min, max }) => ({
    ...{ name, sum: value, count: count ?? 1, min, max },
    role: tags['ai.cloud.role'] ?? '',
    at: Date.parse(time),
    dimensions: properties,
  }));

/** Of [d.]hh:mm:ss[.fffffff]. */
function millisecondsOf(duration: string): number {
  const [, days = '0', hours, minutes, seconds] =
    /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(duration) ?? [];
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000;
}
