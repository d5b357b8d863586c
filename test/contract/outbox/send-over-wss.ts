import { createBusClient } from '../../../shared/adapters/service-bus/bus-client.ts';
import { createOutbox } from '../../../shared/adapters/service-bus/outbox.ts';

/** Sends one message over WebSockets, trusting the broker by NODE_EXTRA_CA_CERTS alone. Argument: a connection string. */
const [connectionString = ''] = process.argv.slice(2);
const outbox = createOutbox(createBusClient({ connectionString, transport: 'wss' }));
const message = { v: 1, type: 'refusal', queue: 'wss', reason: 'x', at: 1, bytes: 1, sha256: 'x' } as const;
await outbox.send([{ to: 'refused', message }]);
await outbox.close();
console.log('sent');
