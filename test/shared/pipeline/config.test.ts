import { describe, expect, it } from 'vitest';
import { readConfig, redactedConfig } from '../../../shared/config.ts';

const settings = {
  SERVICEBUS:
    'Endpoint=sb://localhost:5672;SharedAccessKeyName=x;SharedAccessKey=sas-secret;UseDevelopmentEmulator=true',
  STATE: 'AccountKey=table-secret',
  NOTIFICATION_URL: 'https://app.example/api/graph/notifications?code=url-secret',
  LIFECYCLE_URL: 'https://app.example/api/graph/lifecycle?code=url-secret',
  CLIENT_STATE: 'client-secret-client-secret-client-secret',
  SWEEP_SCHEDULE: '0 */5 * * * *',
  SUBSCRIPTION_SCHEDULE: '0 */30 * * * *',
  STOCK_SCHEDULE: '0 */10 * * * *',
};

describe('readConfig', () => {
  it('does not fail for a setting of telemetry: that must not stop the app', () => {
    const wrong = { APPLICATIONINSIGHTS_CONNECTION_STRING: 'none', TELEMETRY_SAMPLING_RATIO: 'some' };
    expect(readConfig({ ...settings, ...wrong })).toEqual(readConfig(settings));
  });

  it('fills in the documented defaults', () => {
    const config = readConfig(settings);
    expect(config.bus).toEqual({ connectionString: settings.SERVICEBUS, transport: 'amqp' });
    expect(config.graph.baseUrl).toBe('https://graph.microsoft.com/v1.0');
    expect(config.subscriptionLifetimeMs).toBe(41_000 * 60_000);
    expect(config.reader).toEqual({
      secondLookMs: 60_000,
      lookAgainMs: [2_000, 15_000, 60_000, 300_000],
      repeatMembersMs: 900_000,
      parkMs: [60_000, 300_000, 3_600_000, 21_600_000, 86_400_000],
      budgetMs: 120_000,
      pagesInFlight: 3,
    });
  });

  it('goes over WebSockets to a namespace unless told otherwise', () => {
    const byName = {
      ...settings,
      SERVICEBUS: undefined,
      SERVICEBUS__fullyQualifiedNamespace: 'a.servicebus.windows.net',
    };
    expect(readConfig(byName).bus).toMatchObject({ transport: 'wss', clientId: undefined });
    expect(readConfig({ ...byName, SERVICEBUS__transport: 'amqp' }).bus.transport).toBe('amqp');
  });

  it('names every problem at once, by variable, without a value', () => {
    const wrong = {
      ...settings,
      STATE__tableServiceUri: 'https://x.table.core.windows.net',
      SERVICEBUS: ' ',
      CLIENT_STATE: 'short-secret',
      GRAPH_BASE_URL: 'http://graph',
      LOOK_AGAIN_MS: '1,x',
      PAGES_IN_FLIGHT: '0',
      NOTIFICATION_URL: undefined,
    };
    let message = '';
    try {
      readConfig(wrong);
    } catch (error) {
      message = String(error);
    }
    for (const name of [
      'CLIENT_STATE',
      'GRAPH_BASE_URL',
      'LOOK_AGAIN_MS',
      'PAGES_IN_FLIGHT',
      'NOTIFICATION_URL is missing',
    ]) {
      expect(message).toContain(name);
    }
    expect(message).toContain('SERVICEBUS or SERVICEBUS__fullyQualifiedNamespace is missing');
    expect(message).toContain('STATE and STATE__tableServiceUri exclude each other');
    expect(message).not.toMatch(/secret|1,x|http:\/\/graph/);
  });

  it('is logged without secrets', () => {
    expect(JSON.stringify(redactedConfig(readConfig(settings)))).not.toContain('secret');
  });

  const bare = {
    ...settings,
    NOTIFICATION_URL: undefined,
    LIFECYCLE_URL: undefined,
    CLIENT_STATE: undefined,
  };

  it('needs neither URLs nor a secret in Azure', () => {
    const config = readConfig({ ...bare, WEBSITE_HOSTNAME: 'app-1.azurewebsites.net' });
    expect(config.notificationUrl).toBe('https://app-1.azurewebsites.net/api/graph/notifications');
    expect(config.lifecycleUrl).toBe('https://app-1.azurewebsites.net/api/graph/lifecycle');
    expect(config.clientState).toBeUndefined();
    const behind = { ...bare, WEBSITE_HOSTNAME: 'app-1.azurewebsites.net', LIFECYCLE_URL: 'https://front/l' };
    expect(readConfig(behind).lifecycleUrl).toBe('https://front/l');
  });

  it.each([undefined, '', 'localhost:7071'])('needs both URLs where the machine is called %s', (name) => {
    expect(() => readConfig({ ...bare, WEBSITE_HOSTNAME: name })).toThrow(
      /NOTIFICATION_URL is missing[^\n]*\n- LIFECYCLE_URL is missing/,
    );
  });
});
