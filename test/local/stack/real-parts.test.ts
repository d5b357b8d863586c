import { describe, expect, test } from 'vitest';
import { type RealParts, realParts } from '../../../local/stack/real-parts.ts';

const tenant = {
  GRAPH_BASE_URL: 'https://graph.microsoft.com/v1.0',
  NOTIFICATION_URL: 'https://tunnel.example/api/graph/notifications',
  LIFECYCLE_URL: 'https://tunnel.example/api/graph/lifecycle',
};
const domain = {
  DIRECTORY_URL: 'ldaps://dc.corp.example',
  DIRECTORY_CA_FILE: '/etc/ca.pem',
  DIRECTORY_BIND_NAME: 'svc@corp.example',
  DIRECTORY_PASSWORD_FILE: '/run/secret',
  DIRECTORY_DESTINATION: 'OU=Cloud,DC=corp,DC=example',
};

function accepted(environment: Record<string, string>): RealParts {
  const real = realParts(environment);
  if ('problems' in real) throw new Error(real.problems.join('; '));
  return real;
}

function problemsOf(environment: Record<string, string>): string {
  const real = realParts(environment);
  return 'problems' in real ? real.problems.join('\n') : '';
}

describe('what the environment names is real', () => {
  test('an environment that names nothing of ours starts every stand-in', () => {
    const { serviceBus, tables, graph, directory, identity } = accepted({
      PATH: '/bin',
      AZURE_CLIENT_ID: 'x',
      SERVICEBUS: ' ',
    });
    expect([serviceBus, tables, graph, directory]).toEqual([undefined, undefined, undefined, undefined]);
    expect(identity).toEqual({});
  });

  test('one connection string is enough for Service Bus and for the tables', () => {
    const real = accepted({ SERVICEBUS: 'sb', SERVICEBUS__transport: 'wss', STATE: 'tables' });
    expect(real.serviceBus).toEqual({ SERVICEBUS: 'sb', SERVICEBUS__transport: 'wss' });
    expect(real.tables).toEqual({ STATE: 'tables' });
    expect(real.directory).toBeUndefined();
  });

  test('a domain is handed to the relay as it is named', () => {
    const all = { ...domain, DIRECTORY_SERVER_NAME: 'dc1.corp.example' };
    expect(accepted({ ...all, RELAY_LANES: '3' }).directory).toEqual(all);
  });

  test('a tenant brings the identity of this process, and the port that notifications come to', () => {
    const real = accepted({
      ...tenant,
      HOST_PORT: '7071',
      SERVICEBUS__fullyQualifiedNamespace: 'wb.servicebus.windows.net',
      STATE__tableServiceUri: 'https://wb.table.core.windows.net',
      AZURE_TENANT_ID: 't',
      AZURE_CLIENT_SECRET: 's',
      IDENTITY_ENDPOINT: 'http://localhost:1',
      HOME: '/root',
    });
    expect(real.graph).toEqual({ settings: tenant, hostPort: 7071 });
    expect(real.identity).toEqual({
      AZURE_TENANT_ID: 't',
      AZURE_CLIENT_SECRET: 's',
      IDENTITY_ENDPOINT: 'http://localhost:1',
    });
    expect(real.tables).toEqual({ STATE__tableServiceUri: 'https://wb.table.core.windows.net' });
  });
});

describe('what is missing or contradictory is named, all at once and without values', () => {
  test('the companions of every part that is named', () => {
    const problems = problemsOf({
      DIRECTORY_URL: 'ldaps://dc',
      GRAPH_BASE_URL: 'https://graph',
      SERVICEBUS__transport: 'wss',
    });
    for (const name of [
      ...[
        'DIRECTORY_CA_FILE',
        'DIRECTORY_BIND_NAME',
        'DIRECTORY_DESTINATION',
        'NOTIFICATION_URL',
        'HOST_PORT',
      ],
      ...['LIFECYCLE_URL', 'DIRECTORY_PASSWORD or DIRECTORY_PASSWORD_FILE'],
      'SERVICEBUS or SERVICEBUS__fullyQualifiedNamespace',
    ])
      expect(problems).toContain(name);
  });

  test.each(Object.keys(domain))('a domain without %s', (name) => {
    const { [name]: _, ...rest } = domain as Record<string, string>;
    expect(problemsOf(rest)).toMatch(
      new RegExp(
        `^${name === 'DIRECTORY_PASSWORD_FILE' ? 'DIRECTORY_PASSWORD or DIRECTORY_PASSWORD_FILE' : name} is missing`,
      ),
    );
  });

  test('two ways to say the same', () => {
    expect(problemsOf({ SERVICEBUS: 'Secret=1', SERVICEBUS__fullyQualifiedNamespace: 'ns' })).toContain(
      'exclude',
    );
    const both = problemsOf({ ...domain, DIRECTORY_PASSWORD: 'hunter2' });
    expect(both).toContain('DIRECTORY_PASSWORD and DIRECTORY_PASSWORD_FILE exclude each other');
    expect(both).not.toContain('hunter2');
  });

  test.each(['', 'x', '70710'])('notifications that come to port "%s"', (HOST_PORT) => {
    expect(problemsOf({ ...tenant, HOST_PORT })).toContain('HOST_PORT');
  });

  test('a secret of the webhook may be given, and makes the tenant real like the rest', () => {
    const given = { ...tenant, HOST_PORT: '7071', CLIENT_STATE: 'c'.repeat(48) };
    expect(accepted(given).graph?.settings['CLIENT_STATE']).toBe('c'.repeat(48));
    expect(problemsOf({ CLIENT_STATE: 'c'.repeat(48) })).not.toContain('cccc');
  });

  test.each([
    ['SERVICEBUS__fullyQualifiedNamespace', 'SERVICEBUS'],
    ['STATE__tableServiceUri', 'STATE'],
  ])('%s without a real tenant: nobody would take the tokens', (name, instead) => {
    const problems = problemsOf({ [name]: 'https://x.example' });
    expect(problems).toContain('GRAPH_BASE_URL');
    expect(problems).toContain(`connection string in ${instead}`);
  });
});
