import { z } from 'zod';

/*
 * What Application Insights takes: the envelope, its tags and the six kinds of data that OpenTelemetry exporters send, with the limits
 * of the published schemas (ApplicationInsights-Home, EndpointSpecs/Schemas; "Application Insights limits" of Azure Monitor). Fields
 * that no schema names are ignored, as there.
 */

const mostProperties = { key: 150, value: 8_192 };
const mostAgeMs = 48 * 3_600_000;
const mostAheadMs = 2 * 3_600_000;

const upTo = (length: number) => z.string().max(length);
const between = (least: number, length: number) => z.string().min(least).max(length);
const version = z.literal(2);
const properties = z.record(between(1, mostProperties.key), upTo(mostProperties.value)).default(() => ({}));
const measurements = z.record(between(1, mostProperties.key), z.number()).default(() => ({}));
/** [d.]hh:mm:ss[.fffffff] */
const duration = z.string().regex(/^(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$/, 'must be a time span');
const severity = z.enum(['Verbose', 'Information', 'Warning', 'Error', 'Critical']);

const request = z.object({
  ver: version,
  id: between(1, 128),
  name: upTo(1_024).optional(),
  duration,
  success: z.boolean(),
  responseCode: between(1, 1_024),
  source: upTo(1_024).optional(),
  url: upTo(2_048).optional(),
  properties,
  measurements,
});

const dependency = z.object({
  ver: version,
  id: upTo(128).optional(),
  name: between(1, 1_024),
  duration,
  success: z.boolean().default(true),
  resultCode: upTo(1_024).optional(),
  data: upTo(8_192).optional(),
  type: upTo(1_024).optional(),
  target: upTo(1_024).optional(),
  properties,
  measurements,
});

const message = z.object({
  ver: version,
  message: between(1, 32_768),
  severityLevel: severity.optional(),
  properties,
  measurements,
});

const event = z.object({ ver: version, name: between(1, 512), properties, measurements });

const exception = z.object({
  ver: version,
  severityLevel: severity.optional(),
  problemId: upTo(1_024).optional(),
  exceptions: z
    .array(
      z.object({
        typeName: between(1, 1_024),
        message: between(1, 32_768),
        hasFullStack: z.boolean().default(true),
        stack: upTo(32_768).optional(),
      }),
    )
    .min(1),
  properties,
  measurements,
});

const dataPoint = z.object({
  name: between(1, mostProperties.key),
  kind: z.enum(['Measurement', 'Aggregation']).default('Measurement'),
  value: z.number(),
  count: z.number().int().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  stdDev: z.number().optional(),
});

/** Of several data points only the first is kept. */
const metric = z.object({ ver: version, metrics: z.array(dataPoint).min(1), properties });

const tagLengths = {
  'ai.application.ver': 1_024,
  'ai.cloud.role': 256,
  'ai.cloud.roleInstance': 256,
  'ai.device.id': 1_024,
  'ai.device.osVersion': 256,
  'ai.internal.sdkVersion': 64,
  'ai.location.ip': 45,
  'ai.operation.id': 128,
  'ai.operation.name': 1_024,
  'ai.operation.parentId': 128,
  'ai.operation.syntheticSource': 1_024,
  'ai.session.id': 64,
  'ai.user.authUserId': 1_024,
  'ai.user.id': 128,
} as const;

const tags = z
  .record(z.string(), z.string())
  .superRefine((given, context) => {
    for (const [name, most] of Object.entries(tagLengths))
      if ((given[name]?.length ?? 0) > most)
        context.addIssue({ code: 'custom', path: [name], message: `is longer than ${most}` });
  })
  .default(() => ({}));

const time = z.iso.datetime().refine((text) => {
  const ageMs = Date.now() - Date.parse(text);
  return ageMs < mostAgeMs && ageMs > -mostAheadMs;
}, 'is older than 48 hours, or more than 2 hours ahead');

/** One telemetry item. */
export const envelopeSchema = z.object({
  ver: z.literal(1).default(1),
  name: between(1, 1_024),
  time,
  sampleRate: z.number().positive().max(100).default(100),
  iKey: upTo(40),
  tags,
  data: z.discriminatedUnion('baseType', [
    z.object({ baseType: z.literal('RequestData'), baseData: request }),
    z.object({ baseType: z.literal('RemoteDependencyData'), baseData: dependency }),
    z.object({ baseType: z.literal('MessageData'), baseData: message }),
    z.object({ baseType: z.literal('EventData'), baseData: event }),
    z.object({ baseType: z.literal('ExceptionData'), baseData: exception }),
    z.object({ baseType: z.literal('MetricData'), baseData: metric }),
  ]),
});

export type Envelope = z.infer<typeof envelopeSchema>;
