import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokerSecrets } from '../../fixtures/broker.ts';
import { Contract, errorCodeOf, impatient, newId, onStandIn, receiveOne } from './contract.ts';
import { stackToken, webSocket, wssClient } from './stand-in.ts';

const now = (): number => Math.floor(Date.now() / 1000);

if (onStandIn) {
  describe('AMQP over WebSockets, and claims', () => {
    let contract: Contract;

    beforeAll(async () => {
      contract = await Contract.open();
    });
    afterAll(() => contract.close());

    async function works(client: ServiceBusClient): Promise<void> {
      const sessionId = newId();
      await client.createSender('contract-lanes').sendMessages({ body: 'over wss', sessionId });
      const receiver = await client.acceptSession('contract-lanes', sessionId);
      const message = await receiveOne(receiver);
      expect(message.body).toBe('over wss');
      await receiver.renewSessionLock();
      await receiver.completeMessage(message);
      await receiver.close();
    }

    const refusal = (client: ServiceBusClient): Promise<string> =>
      errorCodeOf(contract.track(client).createSender('contract-plain').sendMessages({ body: 1 }));

    test('a client reaches it with `localhost:port` as its namespace, a JWT and the ws option `ca`', async () => {
      await works(contract.track(wssClient(contract.broker, stackToken())));
    });

    test('a client reaches it with a namespace name and customEndpointAddress', async () => {
      const namespace = 'stack.servicebus.windows.net';
      await works(contract.track(wssClient(contract.broker, stackToken(), { namespace })));
    });

    test('a JWT may name its audience with a slash at the end', async () => {
      await works(
        contract.track(wssClient(contract.broker, stackToken({ aud: 'https://servicebus.azure.net/' }))),
      );
    });

    test('a SAS connection string works over wss as well', async () => {
      const host = contract.broker.wssUrl.replace('wss://', 'sb://');
      const connectionString = `Endpoint=${host}/;SharedAccessKeyName=tests;SharedAccessKey=${brokerSecrets.sasKey}`;
      await works(contract.track(new ServiceBusClient(connectionString, webSocket(contract.broker))));
    });

    test('a process trusts it by NODE_EXTRA_CA_CERTS alone', async () => {
      const script = fileURLToPath(new URL('./send-over-wss.ts', import.meta.url));
      const host = contract.broker.wssUrl.replace('wss://', '');
      const { stdout } = await promisify(execFile)(process.execPath, [script, host, stackToken()], {
        env: { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: contract.broker.caFile },
      });
      expect(stdout.trim()).toBe('sent');
    });

    test.each([
      ['another signature', { secret: 'another secret' }],
      ['a past expiry', { exp: now() - 10 }],
      ['another audience', { aud: 'https://graph.microsoft.com' }],
    ])('a JWT with %s is refused: UnauthorizedAccess', async (_, fields) => {
      expect(await refusal(wssClient(contract.broker, stackToken(fields), impatient))).toBe(
        'UnauthorizedAccess',
      );
    });

    test('a SAS token with another key is refused: UnauthorizedAccess', async () => {
      const connectionString = contract.broker.connectionString.replace(brokerSecrets.sasKey, 'another-key');
      expect(await refusal(new ServiceBusClient(connectionString, impatient))).toBe('UnauthorizedAccess');
    });
  });
}
