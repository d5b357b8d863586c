import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { durationMs, readQueuesFile } from '../../../local/broker/queues-file.ts';
import { readSettings } from '../../../local/broker/settings.ts';

const complete = {
  BROKER_QUEUES_FILE: 'queues.json',
  BROKER_AMQP_PORT: '0',
  BROKER_WSS_PORT: '1',
  BROKER_CONTROL_PORT: '2',
  BROKER_STATE_DIR: 'state',
  BROKER_TLS_KEY_FILE: 'key',
  BROKER_TLS_CERT_FILE: 'cert',
};

test('all problems are told at once, by name and without values', () => {
  const result = readSettings({
    ...complete,
    BROKER_AMQP_PORT: 'secret-value',
    BROKER_STATE_DIR: '',
    BROKER_LOCK_SECONDS: '-1',
  });
  if (!('problems' in result)) throw new Error('problems expected');
  expect(result.problems.map((problem) => problem.split(':')[0])).toEqual([
    'BROKER_AMQP_PORT',
    'BROKER_STATE_DIR',
    'BROKER_LOCK_SECONDS',
  ]);
  expect(result.problems.join()).not.toContain('secret-value');
});

test('optional settings may be empty', () => {
  expect(readSettings({ ...complete, BROKER_LOCK_SECONDS: '', BROKER_SAS_KEY: '' })).toMatchObject({
    settings: { BROKER_AMQP_PORT: 0, BROKER_WSS_PORT: 1 },
  });
});

test('the queues of infra/queues.json, with locks shortened where they are longer', () => {
  const file = fileURLToPath(new URL('../../../infra/queues.json', import.meta.url));
  const writes = {
    name: 'writes',
    requiresSession: true,
    duplicateWindowMs: 600_000,
    lockMs: 60_000,
    maxDeliveryCount: 10,
  };
  expect(readQueuesFile(file, undefined)).toContainEqual({ ...writes, timeToLiveMs: 14 * 86_400_000 });
  expect(readQueuesFile(file, 90).map(({ name, lockMs }) => [name, lockMs])).toEqual([
    ['users', 90_000],
    ['groups', 90_000],
    ['writes', 60_000],
    ['results', 60_000],
    ['refused', 60_000],
  ]);
});

test.each([
  ['PT5M', 300_000],
  ['P14D', 1_209_600_000],
  ['PT0.5S', 500],
  ['P1DT2H3M4S', 93_784_000],
])('the duration %s has %d milliseconds', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(['', 'P', 'PT', '5M', 'P1Y'])('%o is no duration we know', (text) => {
  expect(() => durationMs(text)).toThrow();
});
