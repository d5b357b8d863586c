import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import rhea from 'rhea';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokerSecrets } from '../../fixtures/broker.ts';
import { Contract, newId, onStandIn } from './contract.ts';

/** What the SDK hides: seen with a bare AMQP client. */
if (onStandIn) {
  describe('on the wire', () => {
    let contract: Contract;
    let connection: rhea.Connection;

    beforeAll(async () => {
      contract = await Contract.open();
      const port = Number(/localhost:(\d+)/.exec(contract.broker.connectionString)?.[1]);
      connection = rhea
        .create_container()
        .connect({ host: 'localhost', port, reconnect: false, username: 'tests' });
      await once(connection, 'connection_open');
    });
    afterAll(async () => {
      connection.close();
      await once(connection, 'connection_close');
      await contract.close();
    });

    function session(): rhea.Session {
      const opened = connection.create_session();
      opened.begin();
      return opened;
    }

    async function putToken(entity: string, token: string): Promise<unknown> {
      const opened = session();
      const receiver = opened.open_receiver({ source: '$cbs', name: newId() });
      const sender = opened.open_sender({ target: '$cbs' });
      await once(sender, 'sendable');
      sender.send({
        message_id: newId(),
        reply_to: receiver.name,
        body: token,
        application_properties: {
          operation: 'put-token',
          name: `sb://localhost/${entity}`,
          type: 'servicebus.windows.net:sastoken',
        },
      });
      const [context] = (await once(receiver, 'message')) as [rhea.EventContext];
      opened.close();
      return context.message?.application_properties?.['status-code'];
    }

    function sasToken(entity: string): string {
      const resource = encodeURIComponent(`sb://localhost/${entity}`);
      const expiry = Math.floor(Date.now() / 1000) + 600;
      const signature = createHmac('sha256', brokerSecrets.sasKey)
        .update(`${resource}\n${expiry}`)
        .digest('base64');
      return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=tests`;
    }

    const conditionOf = (context: rhea.EventContext): unknown =>
      context.sender?.error ?? context.receiver?.error;

    test('put-token answers 200 for a good token and 401 for a bad one', async () => {
      expect(await putToken('contract-plain', sasToken('contract-plain'))).toBe(200);
      expect(await putToken('contract-plain', 'SharedAccessSignature sr=x&sig=eA%3D%3D&se=1&skn=tests')).toBe(
        401,
      );
    });

    test('a link without a claim is detached with amqp:unauthorized-access', async () => {
      const sender = session().open_sender({ target: 'contract-once' });
      const [context] = (await once(sender, 'sender_error')) as [rhea.EventContext];
      expect(conditionOf(context)).toMatchObject({ condition: 'amqp:unauthorized-access' });
      const receiver = session().open_receiver({ source: 'contract-once' });
      const [other] = (await once(receiver, 'receiver_error')) as [rhea.EventContext];
      expect(conditionOf(other)).toMatchObject({ condition: 'amqp:unauthorized-access' });
    });

    test('a receiver without session on a queue with sessions is detached with amqp:not-allowed', async () => {
      await putToken('contract-lanes', sasToken('contract-lanes'));
      const receiver = session().open_receiver({ source: 'contract-lanes' });
      const [context] = (await once(receiver, 'receiver_error')) as [rhea.EventContext];
      expect(conditionOf(context)).toMatchObject({ condition: 'amqp:not-allowed' });
    });

    test('an unknown entity is detached with amqp:not-found', async () => {
      await putToken('contract-none', sasToken('contract-none'));
      const sender = session().open_sender({ target: 'contract-none' });
      const [context] = (await once(sender, 'sender_error')) as [rhea.EventContext];
      expect(conditionOf(context)).toMatchObject({ condition: 'amqp:not-found' });
    });

    test('a drain is answered also where the last delivery used the credit up', async () => {
      await putToken('contract-plain', sasToken('contract-plain'));
      const sender = session().open_sender({ target: 'contract-plain' });
      await once(sender, 'sendable');
      sender.send({ message_id: newId(), body: 'only' });
      await once(sender, 'accepted');
      const receiver = session().open_receiver({ source: 'contract-plain', credit_window: 0 });
      await once(receiver, 'receiver_open');
      const both = Promise.all([once(receiver, 'message'), once(receiver, 'receiver_drained')]);
      receiver.add_credit(1);
      receiver.drain_credit();
      await both;
      receiver.close();
    });

    test('a named session that is locked is detached with com.microsoft:session-cannot-be-locked', async () => {
      await putToken('contract-lanes', sasToken('contract-lanes'));
      const filter = { 'com.microsoft:session-filter': newId() };
      const source = { address: 'contract-lanes', filter };
      const holder = session().open_receiver({ source, credit_window: 0 });
      const [opened] = (await once(holder, 'receiver_open')) as [rhea.EventContext];
      expect(opened.receiver?.source.filter).toMatchObject(filter);
      const refused = session().open_receiver({ source, credit_window: 0 });
      const [context] = (await once(refused, 'receiver_error')) as [rhea.EventContext];
      expect(conditionOf(context)).toMatchObject({ condition: 'com.microsoft:session-cannot-be-locked' });
      holder.close();
    });

    test('a next session that does not come: attach without source, and detach with com.microsoft:timeout', async () => {
      await putToken('contract-next', sasToken('contract-next'));
      const started = performance.now();
      const receiver = session().open_receiver({
        source: { address: 'contract-next', filter: { 'com.microsoft:session-filter': null } },
        properties: { 'com.microsoft:timeout': 300 },
        credit_window: 0,
      });
      // Both come in one read.
      const [opened, refused] = await Promise.all([
        once(receiver, 'receiver_open'),
        once(receiver, 'receiver_error'),
      ]);
      expect((opened as [rhea.EventContext])[0].receiver?.source?.address).toBeUndefined();
      expect(conditionOf((refused as [rhea.EventContext])[0])).toMatchObject({
        condition: 'com.microsoft:timeout',
      });
      expect(performance.now() - started).toBeGreaterThan(290);
    });
  });
}
