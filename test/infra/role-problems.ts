import type { Bus } from '../../relay/pump/lane.ts';
import type { Outgoing } from '../../shared/ports.ts';
import type { App } from './app.ts';
import { at, ofType, type Snapshot, whoIs } from './snapshot.ts';

/** Built-in roles and Graph app roles by what they are called (cloud-protocols G.4, E.1, G.5). */
const roleNames: Readonly<Record<string, string>> = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0': 'Azure Service Bus Data Receiver',
  '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39': 'Azure Service Bus Data Sender',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  'df021288-bdef-4463-88db-98f22de89214': 'User.Read.All',
  '5b567255-7703-4780-807c-7be8301ae99b': 'Group.Read.All',
  '98830695-27a2-44f7-8c18-0c3ebc9698f6': 'GroupMember.Read.All',
};

/** Where the Functions app sends, and where the relay does: the compiler refuses a queue too many here, and one too few. */
const functionsSendTo = Object.keys({
  users: true,
  groups: true,
  writes: true,
  results: true,
  refused: true,
} satisfies Record<Outgoing['to'], true>);
const relaySendsTo = Object.keys({ results: true, refused: true } satisfies Record<
  Parameters<Bus['send']>[0],
  true
>);

/** Who has which role on what, one line each: exactly what the code uses, each on the smallest thing that has it. */
function rolesOf(app: App): string[] {
  const receiver = (who: string, queue: string) =>
    `${who}: Azure Service Bus Data Receiver on queue ${queue}`;
  const sender = (who: string, queue: string) => `${who}: Azure Service Bus Data Sender on queue ${queue}`;
  return [
    ...queuesRead(app).map((queue) => receiver('functions', queue)),
    ...functionsSendTo.map((queue) => sender('functions', queue)),
    receiver('relay', 'writes'),
    ...relaySendsTo.map((queue) => sender('relay', queue)),
    'functions: Storage Blob Data Owner on account of the host',
    'functions: Storage Table Data Contributor on account of the state',
    'functions: Monitoring Metrics Publisher on Application Insights',
    'relay: Monitoring Metrics Publisher on Application Insights',
    'functions: User.Read.All on Microsoft Graph',
    'functions: Group.Read.All on Microsoft Graph',
    'functions: GroupMember.Read.All on Microsoft Graph',
  ];
}

/** Dead letters are read with the right to read their queue. */
const queuesRead = (app: App): string[] => [
  ...new Set(
    [...app.values()].flatMap(({ queueName }) =>
      typeof queueName === 'string' ? queueName.replace(/\/\$DeadLetterQueue$/, '') : [],
    ),
  ),
];

export function roleProblems(snapshot: Snapshot, app: App): string[] {
  const wanted = rolesOf(app);
  const found = [...azureRoles(snapshot), ...graphRoles(snapshot)];
  return [
    ...wanted.filter((role) => !found.includes(role)).map((role) => `missing: ${role}`),
    ...found.filter((role) => !wanted.includes(role)).map((role) => `too many: ${role}`),
    ...found.filter((role, i) => found.indexOf(role) !== i).map((role) => `twice: ${role}`),
  ];
}

const azureRoles = (snapshot: Snapshot): string[] =>
  ofType(snapshot, 'Microsoft.Authorization/roleAssignments').map(({ id, properties }) => {
    const role = nameOf(String(properties['roleDefinitionId']).split('/').at(-1));
    return `${whoIs(properties['principalId'])}: ${role} on ${scopeOf(snapshot, id)}`;
  });

const graphRoles = (snapshot: Snapshot): string[] =>
  ofType(snapshot, 'Microsoft.Graph/appRoleAssignedTo@v1.0').map(
    ({ properties }) =>
      `${whoIs(properties['principalId'])}: ${nameOf(properties['appRoleId'])} on Microsoft Graph`,
  );

const nameOf = (id: unknown): string => roleNames[String(id)] ?? `role ${String(id)}`;

/** In words; anything wider than what is known here keeps its id, and so is not what is wanted. */
function scopeOf(snapshot: Snapshot, id: string): string {
  const scope = id.replace(/\/providers\/Microsoft\.Authorization\/roleAssignments\/[^/]+$/, '');
  const [, type, name] = /\/providers\/([^/]+\/[^/]+(?:\/[^/]+\/[^/]+)?)\/([^/]+)$/.exec(scope) ?? [];
  if (/^Microsoft\.ServiceBus\/namespaces\/[^/]+\/queues$/.test(type ?? '')) return `queue ${name}`;
  if (type === 'Microsoft.Storage/storageAccounts') return `account of the ${accountOf(snapshot, name)}`;
  if (type === 'Microsoft.Insights/components') return 'Application Insights';
  return scope;
}

/** The one with the tables is the state's; the one that the app's package lies in is the host's. */
function accountOf(snapshot: Snapshot, name = ''): string {
  const has = (type: string) => ofType(snapshot, type).some((child) => child.name.startsWith(`${name}/`));
  const [tables, containers] = [
    has('Microsoft.Storage/storageAccounts/tableServices/tables'),
    has('Microsoft.Storage/storageAccounts/blobServices/containers'),
  ];
  const packageFrom = at(
    ofType(snapshot, 'Microsoft.Web/sites')[0],
    'properties.functionAppConfig.deployment.storage.value',
  );
  if (containers && !tables && String(packageFrom).includes(`/${name}'`)) return 'host';
  return tables && !containers ? 'state' : name;
}
