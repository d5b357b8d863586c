import { z } from 'zod';

/** Where telemetry goes. The connection string counts as a secret: where local authentication is on, it is one. */
export type TelemetrySettings = {
  connectionString: string;
  /** Sign in with the identity of this process (`clientId`: a user-assigned one); undefined: the key in the connection string. */
  entra: { clientId: string | undefined } | undefined;
  /** The share of traces that is sent, 0 to 1. Events and metrics are always sent. */
  samplingRatio: number;
};

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** What the schema of each process takes in. The names are Azure Monitor's own, where it has one. */
export const telemetryShape = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .regex(new RegExp(`(^|;)InstrumentationKey=${guid}(;|$)`), 'must hold InstrumentationKey=<guid>')
    .refine((text) => !/Endpoint=http:/i.test(text), 'must name https endpoints')
    .optional(),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: z
    .string()
    .regex(
      new RegExp(`^(ClientId=${guid};)?Authorization=AAD;?$`, 'i'),
      'must be Authorization=AAD or ClientId=<guid>;Authorization=AAD',
    )
    .optional(),
  TELEMETRY_SAMPLING_RATIO: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1')
    .transform(Number)
    .default(1),
};

type Given = z.infer<z.ZodObject<typeof telemetryShape>>;

const schema = z.object(telemetryShape);

/**
 * From the environment as it is, before anybody has checked it: what is wrong with other settings can then be told by telemetry.
 * Undefined where these are wrong; the schema of the process names them.
 */
export function telemetryBeforeAnything(
  environment: Readonly<Record<string, string | undefined>>,
): TelemetrySettings | undefined {
  const given = Object.entries(environment).filter(
    ([name, value]) => name in telemetryShape && value?.trim(),
  );
  const outcome = schema.safeParse(Object.fromEntries(given));
  return outcome.success ? telemetrySettings(outcome.data) : undefined;
}

/** The settings as the adapter takes them; undefined where nothing is to be sent. */
export function telemetrySettings(given: Given): TelemetrySettings | undefined {
  const connectionString = given.APPLICATIONINSIGHTS_CONNECTION_STRING;
  if (connectionString === undefined) return undefined;
  const authentication = given.APPLICATIONINSIGHTS_AUTHENTICATION_STRING;
  const clientId = /ClientId=([^;]+)/i.exec(authentication ?? '')?.[1];
  return {
    connectionString,
    entra: authentication === undefined ? undefined : { clientId },
    samplingRatio: given.TELEMETRY_SAMPLING_RATIO,
  };
}
