import { type EventSpec, events } from '../../shared/telemetry/events.ts';
import { type MetricSpec, metrics } from '../../shared/telemetry/metrics.ts';
import { type SpanSpec, spans } from '../../shared/telemetry/spans.ts';

/** A dimension whose values are more than this is named by where they come from. */
const mostValues = 12;

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table; the last column takes the longest text. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)];
}

export function metricsTable(): string[] {
  return table(
    ['metric', 'kind', 'unit', 'from', 'dimensions', 'what it says'],
    (Object.entries(metrics) as [string, MetricSpec][]).map(([name, spec]) => [
      code(name),
      spec.instrument,
      spec.unit === '1' ? 'count' : spec.unit,
      spec.from.join(', '),
      dimensionsText(spec),
      spec.planned === undefined ? spec.help : `**Not recorded yet** (${spec.planned}). ${spec.help}`,
    ]),
  );
}

const dimensionsText = ({ dimensions }: MetricSpec): string =>
  Object.entries(dimensions)
    .map(([label, values]) => `${code(label)}: ${valuesText(values)}`)
    .join('<br>');

const valuesText = (values: readonly string[]): string =>
  values.length > mostValues ? `an error code ([list](#error-codes))` : values.join(', ');

/** The values that stand for a dimension of many, once. */
export function errorCodesText(): string {
  const lists = (Object.values(metrics) as MetricSpec[]).flatMap(({ dimensions }) =>
    Object.values(dimensions).filter((values) => values.length > mostValues),
  );
  const texts = new Set(lists.map((values) => values.map(code).join(', ')));
  return [...texts].join('\n\n');
}

const tableOf = {
  server: 'AppRequests',
  consumer: 'AppRequests',
  client: 'AppDependencies',
  producer: 'AppDependencies',
};

export function spansTable(): string[] {
  return table(
    ['span', 'table', 'from', 'attributes', 'what it is'],
    (Object.entries(spans) as [string, SpanSpec][]).map(([name, { kind, from, attributes, help }]) => [
      code(name),
      tableOf[kind],
      from,
      attributes.map(code).join(', '),
      help,
    ]),
  );
}

export function eventsTable(): string[] {
  return table(
    ['event', 'from', 'fields', 'what it says'],
    (Object.entries(events) as [string, EventSpec][]).map(([name, { from, fields, help }]) => [
      code(name),
      from.join(', '),
      fields === 'settings' ? 'one per setting' : fields.map(code).join(', '),
      help,
    ]),
  );
}
