import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Broker } from '../engine/broker.ts';
import type { ClientList } from '../listen/client-list.ts';
import { openPort } from '../listen/open-port.ts';
import type { Faults } from './faults.ts';

type Controlled = { readonly broker: Broker; readonly clients: ClientList; readonly faults: Faults };

/** The control endpoint of the stand-in (local/README.md): GET /queues, POST /fault. Resolves with the port. */
export function listenControl(port: number, controlled: Controlled): Promise<number> {
  const server = createServer((request, response) => {
    answer(request, controlled).then(
      (reply) => send(response, reply),
      () => send(response, { status: 400, body: { error: 'not understood' } }),
    );
  });
  return openPort(server, port);
}

type Answer = { readonly status: number; readonly body: object };

async function answer(request: IncomingMessage, controlled: Controlled): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'GET' && pathname === '/queues') {
    const { broker, clients } = controlled;
    const { open, accepted } = clients.counts;
    return {
      status: 200,
      body: { queues: broker.counts(), counters: { connections: open, connectionsAccepted: accepted } },
    };
  }
  if (request.method === 'POST' && pathname === '/fault') {
    const fault = JSON.parse(await textOf(request)) as { type?: unknown; ms?: unknown };
    return setFault(controlled, fault)
      ? { status: 200, body: {} }
      : { status: 400, body: { error: 'unknown fault' } };
  }
  return { status: 404, body: { error: 'not found' } };
}

function setFault({ clients, faults }: Controlled, { type, ms }: { type?: unknown; ms?: unknown }): boolean {
  switch (type) {
    case 'drop-connections':
      clients.drop();
      return true;
    case 'refuse-connections':
    case 'accept-connections':
      faults.refuse(type === 'refuse-connections');
      return true;
    case 'slow-settlement':
      faults.slowSettlement(Number(ms) || 0);
      return true;
    default:
      return false;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
