import { ServiceBusClient } from '@azure/service-bus';
import { WebSocket } from 'ws';

/** Sends one message as a process that knows the broker's authority by NODE_EXTRA_CA_CERTS only. Arguments: host:port, token. */
const [host = '', token = ''] = process.argv.slice(2);
const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
const client = new ServiceBusClient(host, credential, { webSocketOptions: { webSocket: WebSocket } });
await client.createSender('contract-lanes').sendMessages({ body: 1, sessionId: 'extra-ca' });
await client.close();
console.log('sent');
