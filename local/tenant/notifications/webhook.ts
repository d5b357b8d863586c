import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';

const agents = {
  'http:': new PlainAgent({ keepAlive: true }),
  'https:': new SecureAgent({ keepAlive: true }),
};

export type WebhookAnswer = { status: number; contentType: string; body: string };
export type WebhookPost = { url: URL; contentType: string; body: string; timeoutMs: number };

/** One POST to a subscriber over a kept connection; rejects on a connection error or when the time is over. */
export function postTo(post: WebhookPost): Promise<WebhookAnswer> {
  const secure = post.url.protocol === 'https:';
  const headers = { 'content-type': post.contentType, 'content-length': Buffer.byteLength(post.body) };
  const options = {
    method: 'POST',
    headers,
    agent: secure ? agents['https:'] : agents['http:'],
    signal: AbortSignal.timeout(post.timeoutMs),
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? secureRequest : plainRequest)(post.url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const contentType = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, contentType, body });
      });
    });
    request.on('error', reject);
    request.end(post.body);
  });
}

/** Closes the kept connections. */
export function closeConnections(): void {
  for (const agent of Object.values(agents)) agent.destroy();
}
