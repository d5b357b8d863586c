import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A notification, or lifecycle event, as it came. */
export type Notice = {
  subscriptionId: string;
  changeType?: string;
  lifecycleEvent?: string;
  clientState?: string;
  tenantId: string;
  resource?: string;
  resourceData?: Record<string, unknown> & { id: string; eventTime: string };
};
export type Post = { path: string; at: number; items: Notice[] };

/** How a subscriber answers; `validation` may spoil the handshake. */
export type Manners = {
  validation?: (token: string, response: ServerResponse) => void;
  status?: (post: Post) => number;
};

/** An endpoint that takes notifications; `next` waits for one that matches, arrived or to come. */
export type Subscriber = {
  url: string;
  lifecycleUrl: string;
  posts: Post[];
  validations: { path: string; token: string; contentType: string; method: string }[];
  manners: Manners;
  next(matches: (item: Notice) => boolean, timeoutMs?: number): Promise<Notice>;
  close(): Promise<void>;
};

/** Starts a subscriber on this machine; with CONTRACT_GRAPH_SUBSCRIBER_URL, behind that address. */
export async function startSubscriber(manners: Manners = {}): Promise<Subscriber> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      take(subscriber, { request, response, text });
      for (const wake of waiting) wake();
    });
  });
  server.listen(Number(process.env['CONTRACT_GRAPH_SUBSCRIBER_PORT'] ?? 0), '127.0.0.1');
  await once(server, 'listening');
  const own = `http://localhost:${(server.address() as AddressInfo).port}`;
  const base = process.env['CONTRACT_GRAPH_SUBSCRIBER_URL'] ?? own;
  const subscriber: Subscriber = {
    url: `${base}/notifications?code=key`,
    lifecycleUrl: `${base}/lifecycle?code=key`,
    posts: [],
    validations: [],
    manners,
    next: (matches, timeoutMs = 5_000) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = subscriber.posts.flatMap((post) => post.items).find(matches);
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no such notification within ${timeoutMs} ms`));
        }, timeoutMs);
        waiting.add(look);
        look();
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return subscriber;
}

/** Everything about an object, in order of arrival. */
export const noticesOf = (subscriber: Subscriber, id: string): Notice[] =>
  subscriber.posts.flatMap((post) => post.items).filter((item) => item.resourceData?.id === id);

/** A body that subscribes. */
export function newSubscription(
  subscriber: Subscriber,
  resource: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    changeType: 'updated,deleted',
    notificationUrl: subscriber.url,
    lifecycleNotificationUrl: subscriber.lifecycleUrl,
    resource,
    expirationDateTime: inMinutes(60),
    clientState: 'secret-known-to-both',
    ...more,
  };
}

export const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

type Exchange = { request: IncomingMessage; response: ServerResponse; text: string };

function take(subscriber: Subscriber, { request, response, text }: Exchange): void {
  const url = new URL(request.url ?? '', 'http://localhost');
  const token = url.searchParams.get('validationToken');
  if (token !== null) {
    const { 'content-type': contentType = '' } = request.headers;
    subscriber.validations.push({ path: url.pathname, token, contentType, method: request.method ?? '' });
    const validate = subscriber.manners.validation ?? answerProperly;
    validate(token, response);
    return;
  }
  const { value } = JSON.parse(text) as { value: Notice[] };
  const post = { path: `${url.pathname}${url.search}`, at: Date.now(), items: value };
  const status = subscriber.manners.status?.(post) ?? 202;
  if (status < 300) subscriber.posts.push(post);
  response.writeHead(status).end();
}

const answerProperly = (token: string, response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(token);
};

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
