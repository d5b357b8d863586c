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

/** The names are Azure Monitor's own, where it has one. */
const schema = z.object({
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .regex(new RegExp(`(^|;)InstrumentationKey=${guid}(;|$)`, 'i'), 'must hold InstrumentationKey=<guid>')
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
});

export const telemetrySettingNames: readonly string[] = Object.keys(schema.shape);

/** `settings`: undefined where nothing is to be sent. `problems`: by the names of the settings, without their values. */
export type ReadTelemetry = { settings: TelemetrySettings | undefined; problems: readonly string[] };

/**
 * From the environment as it is, apart from every other setting: what is wrong with those can then be told by telemetry, and what is
 * wrong with these stops nothing but telemetry. An empty one counts as absent.
 */
export function readTelemetrySettings(
  environment: Readonly<Record<string, string | undefined>>,
): ReadTelemetry {
  const given = Object.entries(environment).filter(
    ([name, value]) => telemetrySettingNames.includes(name) && value?.trim(),
  );
  const outcome = schema.safeParse(Object.fromEntries(given));
  if (outcome.success) return { settings: settingsOf(outcome.data), problems: [] };
  const problems = outcome.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { settings: undefined, problems };
}

function settingsOf(given: z.infer<typeof schema>): TelemetrySettings | undefined {
  const connectionString = given.APPLICATIONINSIGHTS_CONNECTION_STRING;
  if (connectionString === undefined) return undefined;
  const authentication = given.APPLICATIONINSIGHTS_AUTHENTICATION_STRING;
  const clientId = /ClientId=([^;]+)/i.exec(authentication ?? '')?.[1];
  return {
    connectionString: withLowerCaseKey(connectionString),
    entra: authentication === undefined ? undefined : { clientId },
    samplingRatio: given.TELEMETRY_SAMPLING_RATIO,
  };
}

/** The SDK takes no other. */
const withLowerCaseKey = (text: string): string =>
  text.replace(new RegExp(`(?<=InstrumentationKey=)${guid}`, 'i'), (found) => found.toLowerCase());
