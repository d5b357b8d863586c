import type { Settings } from './settings.ts';

/**
 * Which parts of the stack are real: those that the environment names, by the very settings that a deployment has. Each is the
 * settings that its clients get; undefined: its stand-in is started.
 */
export type RealParts = {
  serviceBus: Settings | undefined;
  tables: Settings | undefined;
  /** Notifications must find our host: the port that their address leads to. */
  graph: { settings: Settings; hostPort: number } | undefined;
  directory: Settings | undefined;
  /** What the Azure SDKs find an identity by; empty where the tenant is ours, which then gives the identity. */
  identity: Settings;
  /** PEM file of authorities to trust beside our own (NODE_EXTRA_CA_CERTS). */
  extraCaFile: string | undefined;
};

/** Every part a stand-in. */
export const noRealParts: RealParts = {
  serviceBus: undefined,
  tables: undefined,
  graph: undefined,
  directory: undefined,
  identity: {},
  extraCaFile: undefined,
};

type Environment = Readonly<Record<string, string | undefined>>;
/** `needs`: one of each list; `may`: handed on if set. Any of these names makes the part real. */
type Naming = { needs: readonly (readonly string[])[]; may: readonly string[] };

const namings = {
  serviceBus: {
    needs: [['SERVICEBUS', 'SERVICEBUS__fullyQualifiedNamespace']],
    may: ['SERVICEBUS__transport', 'SERVICEBUS__clientId', 'SERVICEBUS__endpoint'],
  },
  tables: { needs: [['STATE', 'STATE__tableServiceUri']], may: ['STATE__clientId'] },
  graph: {
    needs: [['GRAPH_BASE_URL'], ['NOTIFICATION_URL'], ['LIFECYCLE_URL']],
    may: ['GRAPH_CLIENT_ID', 'CLIENT_STATE'],
  },
  directory: {
    needs: [
      ['DIRECTORY_URL'],
      ['DIRECTORY_CA_FILE'],
      ['DIRECTORY_BIND_NAME'],
      ['DIRECTORY_PASSWORD', 'DIRECTORY_PASSWORD_FILE'],
      ['DIRECTORY_DESTINATION'],
    ],
    may: [
      'DIRECTORY_SERVER_NAME',
      'DIRECTORY_ACCEPTED_OWNERS',
      'DIRECTORY_TIMEOUT_MS',
      'DIRECTORY_CONNECTIONS',
    ],
  },
} satisfies Record<string, Naming>;

const identityName = /^(AZURE|IDENTITY|IMDS|MSI)_/;

/** Reads which parts are real, or answers every problem by variable name, without values. An empty variable counts as absent. */
export function realParts(environment: Environment): RealParts | { problems: string[] } {
  const given: Settings = {};
  for (const [name, value] of Object.entries(environment)) if (value?.trim()) given[name] = value;
  const problems: string[] = [];
  const part = (naming: Naming): Settings | undefined => settingsOf(naming, given, problems);
  const parts = {
    serviceBus: part(namings.serviceBus),
    tables: part(namings.tables),
    graph: graphOf(part(namings.graph), given, problems),
    directory: part(namings.directory),
  };
  if (parts.graph === undefined) problems.push(...tokenProblems(given));
  if (problems.length > 0) return { problems };
  const identity = parts.graph === undefined ? {} : only(given, (name) => identityName.test(name));
  return { ...parts, identity, extraCaFile: given['NODE_EXTRA_CA_CERTS'] };
}

function settingsOf({ needs, may }: Naming, given: Settings, problems: string[]): Settings | undefined {
  const names = [...needs.flat(), ...may];
  const first = names.find((name) => given[name] !== undefined);
  if (first === undefined) return undefined;
  for (const oneOf of needs) {
    const set = oneOf.filter((name) => given[name] !== undefined);
    if (set.length === 0) problems.push(`${oneOf.join(' or ')} is missing (${first} is set)`);
    if (set.length > 1) problems.push(`${set.join(' and ')} exclude each other`);
  }
  return only(given, (name) => names.includes(name));
}

function graphOf(settings: Settings | undefined, given: Settings, problems: string[]): RealParts['graph'] {
  if (settings === undefined) return undefined;
  const hostPort = Number(given['HOST_PORT']);
  if (!Number.isInteger(hostPort) || hostPort < 1 || hostPort > 65_535)
    problems.push('HOST_PORT must be the local port that NOTIFICATION_URL and LIFECYCLE_URL lead to');
  return { settings, hostPort };
}

/** The app has one identity: with the simulator's it cannot get tokens that Azure takes. */
const tokenProblems = (given: Settings): string[] =>
  [
    ['SERVICEBUS__fullyQualifiedNamespace', 'SERVICEBUS'],
    ['STATE__tableServiceUri', 'STATE'],
  ].flatMap(([name = '', instead = '']) =>
    given[name] === undefined
      ? []
      : [
          `${name} needs the identity of a real tenant: set GRAPH_BASE_URL too, or a connection string in ${instead}`,
        ],
  );

const only = (settings: Settings, wanted: (name: string) => boolean): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => wanted(name)));
