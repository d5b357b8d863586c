import { resultSchema } from '../../../shared/contracts/result.ts';
import { ringSchema } from '../../../shared/contracts/ring.ts';
import { errorCodes } from '../../../shared/errors.ts';
import { events } from '../../../shared/telemetry/events.ts';
import { metrics } from '../../../shared/telemetry/metrics.ts';
import { spans } from '../../../shared/telemetry/spans.ts';

/** What a row of a table may be called, and what its Properties hold: by name, then by property, the values that there are. */
export type Vocabulary = Readonly<Record<string, Readonly<Record<string, readonly string[] | 'any'>>>>;

const result = resultSchema.shape;
/** The values of fields that have a fixed set of them, whoever says them. */
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  code: errorCodes,
  disposition: ['retry', 'wait', 'reject', 'halt', 'defect'],
  of: result.of.options,
  state: result.state.unwrap().options,
  kind: ['user', 'group'],
  operation: metrics['writeback.ldap.duration'].dimensions.operation,
  queue: ['users', 'groups', 'results', 'writes', 'refused', 'writes/$DeadLetterQueue'],
};
/** Where the same word has other values. */
const valuesFor: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  applied: { outcome: result.outcome.options, cause: result.cause.options },
  apply: { outcome: result.outcome.options },
  record: { outcome: result.outcome.options },
  handled: { outcome: ['done', 'failed'] },
  notification: { cause: ringSchema.shape.cause.options },
  ring: { cause: ringSchema.shape.cause.options },
  'read users': { cause: ringSchema.shape.cause.options },
  'read groups': { cause: ringSchema.shape.cause.options },
};

const propertiesOf = (name: string, fields: readonly string[]): Record<string, readonly string[] | 'any'> =>
  Object.fromEntries(fields.map((field) => [field, valuesFor[name]?.[field] ?? valuesOf[field] ?? 'any']));

const spansOf = (kinds: readonly string[]): Vocabulary =>
  Object.fromEntries(
    Object.entries(spans)
      .filter(([, { kind }]) => kinds.includes(kind))
      .map(([name, { attributes }]) => [name, propertiesOf(name, attributes)]),
  );

/** By table. Only what our own code says: rows of the host have no name here. */
export const vocabularies: Readonly<Record<string, Vocabulary>> = {
  AppMetrics: Object.fromEntries(Object.entries(metrics).map(([name, { dimensions }]) => [name, dimensions])),
  AppTraces: Object.fromEntries(
    Object.entries(events).map(([name, { fields }]) => [
      name,
      fields === 'settings' ? {} : propertiesOf(name, fields),
    ]),
  ),
  AppRequests: spansOf(['server', 'consumer']),
  AppDependencies: spansOf(['client', 'producer']),
};

/** Metrics that nothing records yet. */
export const plannedMetrics: readonly string[] = Object.entries(metrics)
  .filter(([, spec]) => 'planned' in spec)
  .map(([name]) => name);
