import { beforeAll, describe, expect, it } from 'vitest';
import { provideFunctionsCore, type Registry } from '../../local/host/functions-core.ts';

/** What the app registers when a host loads it, and that loading needs no settings. */
let registry: Registry;

beforeAll(async () => {
  registry = provideFunctionsCore(() => undefined);
  await Promise.all([
    import('../../functions/compose.ts'),
    import('../../functions/dead-letters.ts'),
    import('../../functions/health.ts'),
    import('../../functions/lifecycle.ts'),
    import('../../functions/notifications.ts'),
    import('../../functions/read-groups.ts'),
    import('../../functions/read-users.ts'),
    import('../../functions/record-results.ts'),
    import('../../functions/ring.ts'),
    import('../../functions/subscriptions.ts'),
    import('../../functions/sweep.ts'),
    import('../../functions/take-stock.ts'),
  ]);
});

const bindingOf = (name: string): Record<string, unknown> => {
  const bindings = registry.functions.get(name)?.metadata.bindings ?? {};
  return Object.values(bindings).find(({ direction }) => direction === 'in') ?? {};
};

describe('the Functions app', () => {
  it('tells the host that it sends its telemetry itself (host.json: telemetryMode)', async () => {
    const capabilities = await registry.model?.getCapabilities({});
    expect(capabilities).toMatchObject({ WorkerOpenTelemetryEnabled: 'true' });
  });

  it('has one function per file', () => {
    expect([...registry.functions.keys()].sort()).toEqual([
      'dead-letters',
      'health',
      'lifecycle',
      'notifications',
      'read-groups',
      'read-users',
      'record-results',
      'ring',
      'subscriptions',
      'sweep',
      'take-stock',
    ]);
  });

  it.each([
    ['read-users', { queueName: 'users', isSessionsEnabled: true }],
    ['read-groups', { queueName: 'groups', isSessionsEnabled: true }],
    ['record-results', { queueName: 'results' }],
    ['dead-letters', { queueName: 'writes/$DeadLetterQueue' }],
  ])('%s reads its queue in batches', (name, expected) => {
    expect(bindingOf(name)).toMatchObject({ connection: 'SERVICEBUS', cardinality: 'many', ...expected });
    expect(Boolean(bindingOf(name)['isSessionsEnabled'])).toBe('isSessionsEnabled' in expected);
  });

  it.each([
    ['notifications', { route: 'graph/notifications', authLevel: 'anonymous', methods: ['POST'] }],
    ['lifecycle', { route: 'graph/lifecycle', authLevel: 'anonymous', methods: ['POST'] }],
    ['ring', { route: 'ring', authLevel: 'function', methods: ['POST'] }],
    ['health', { route: 'health', authLevel: 'anonymous', methods: ['GET'] }],
  ])('%s is reached by its route', (name, expected) => {
    expect(bindingOf(name)).toMatchObject(expected);
  });

  it('keeps off the routes that the host reserves', () => {
    const routes = [...registry.functions.keys()].map((name) =>
      JSON.stringify(bindingOf(name)['route'] ?? ''),
    );
    expect(routes.filter((route) => /^"(admin|runtime)/.test(route))).toEqual([]);
  });

  it.each([
    ['sweep', { schedule: '%SWEEP_SCHEDULE%', runOnStartup: false }],
    ['take-stock', { schedule: '%STOCK_SCHEDULE%', runOnStartup: false }],
    ['subscriptions', { schedule: '%SUBSCRIPTION_SCHEDULE%', runOnStartup: true }],
  ])('%s runs by timer', (name, expected) => {
    expect(bindingOf(name)).toMatchObject(expected);
  });

  it('names every missing setting when it starts', async () => {
    const [start] = registry.hooks.get('appStart') ?? [];
    const begin = async () => start?.({ hookData: {}, appHookData: {} });
    await expect(begin()).rejects.toThrow(/SERVICEBUS[\s\S]*LIFECYCLE_URL/);
  });
});
