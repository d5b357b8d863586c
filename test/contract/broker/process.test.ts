import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startBroker } from '../../fixtures/broker.ts';
import { Contract, newId, onStandIn } from './contract.ts';

const entry = fileURLToPath(new URL('../../../local/broker/main.ts', import.meta.url));

if (onStandIn) {
  test('bad settings are told all at once and end the process with 2', async () => {
    const child = spawn(process.execPath, [entry], {
      env: { BROKER_AMQP_PORT: 'x' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const told: string[] = [];
    child.stderr.on('data', (chunk) => told.push(String(chunk)));
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    for (const name of [
      'BROKER_QUEUES_FILE',
      'BROKER_AMQP_PORT',
      'BROKER_STATE_DIR',
      'BROKER_TLS_KEY_FILE',
    ]) {
      expect(told.join('')).toContain(name);
    }
  });

  test('it ends when its standard input ends', async () => {
    const broker = await startBroker();
    await broker.hangUp();
    await expect(fetch(`${broker.controlUrl}/queues`)).rejects.toThrow();
    await broker.stop();
  });

  test('BROKER_LOCK_SECONDS shortens the locks of infra/queues.json', async () => {
    const broker = await startBroker({ lockSeconds: 3 });
    const contract = new Contract(broker);
    const receiver = await contract
      .client()
      .acceptSession('users', newId(), { maxAutoLockRenewalDurationInMs: 0 });
    const leftMs = receiver.sessionLockedUntilUtc.getTime() - Date.now();
    expect(leftMs).toBeGreaterThan(2000);
    expect(leftMs).toBeLessThanOrEqual(3000);
    await receiver.close();
    await contract.close();
  });
}
