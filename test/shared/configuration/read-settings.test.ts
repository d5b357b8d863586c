import { expect, it } from 'vitest';
import type { WritebackConfig } from '../../../shared/configuration/define-config.ts';
import { readSettings } from '../../../shared/read-settings.ts';

const environment = {
  SERVICEBUS: 'Endpoint=sb://localhost',
  STATE: 'AccountKey=x',
  NOTIFICATION_URL: 'https://app.example/api/graph/notifications',
  LIFECYCLE_URL: 'https://app.example/api/graph/lifecycle',
  CLIENT_STATE: 'x'.repeat(32),
  SWEEP_SCHEDULE: '0 */5 * * * *',
  SUBSCRIPTION_SCHEDULE: '0 */30 * * * *',
  STOCK_SCHEDULE: '0 */10 * * * *',
};

it('gives both halves', () => {
  const { config, writeback } = readSettings(environment, { users: false });
  expect(config.bus).toMatchObject({ connectionString: 'Endpoint=sb://localhost' });
  expect(writeback.users).toBe(false);
});

it('[config.validated] the start names what is wrong with the environment and with writeback.config.ts at once', () => {
  const wrong = { users: { guest: true }, groups: { naming: 'x' } } as unknown as WritebackConfig;
  expect(() => readSettings({ ...environment, STATE: '' }, wrong)).toThrow(
    [
      'settings are missing or wrong:',
      '- STATE or STATE__tableServiceUri is missing',
      '- writeback.config.ts: users.guest is not an option (did you mean guests?)',
      "- writeback.config.ts: groups.naming must be 'name-and-id' or 'id' or 'display-name'",
    ].join('\n'),
  );
});
