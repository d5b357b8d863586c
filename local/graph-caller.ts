import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where Graph is (`https://…/v1.0`), the bearer token, and the CA that its certificate is checked against. */
export type GraphAccess = { url: string; token: string; caFile: string };

/** An answer of Graph: status, and the parsed JSON body (`undefined` where it has none). */
export type GraphAnswer = { status: number; body: unknown; headers: Record<string, string | undefined> };

/** Calls Graph as an administrator's script would: one request at a time per call, throttling honoured. */
export type GraphCaller = {
  /** `path` is relative to `/v1.0` or an absolute nextLink. Answers whatever status Graph gives, 429 and 5xx after some tries. */
  call(method: string, path: string, body?: unknown): Promise<GraphAnswer>;
  close(): void;
};

const attempts = 8;
const busyStatuses = [429, 500, 502, 503, 504];
const longestWaitMs = 10_000;

/** A caller with kept-alive connections. The CA is read once; `sleep` waits are Graph's Retry-After, or grow from 200 ms. */
export async function graphCaller(access: GraphAccess): Promise<GraphCaller> {
  const agent = new Agent({ ca: await readFile(access.caFile), keepAlive: true, maxSockets: 16 });
  const send = (method: string, path: string, body?: unknown) =>
    sendOnce({ access, agent, method, path, body });
  const call: GraphCaller['call'] = async (method, path, body) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(method, path, body);
      if (!busyStatuses.includes(answer.status) || attempt === attempts) return answer;
      await sleep(waitMs(answer, attempt));
    }
  };
  return { call, close: () => agent.destroy() };
}

/** How long a 429 or 5xx asks to wait: Retry-After in seconds, otherwise 200 ms, 400 ms and so on. */
export function waitMs(answer: GraphAnswer, attempt: number): number {
  const seconds = Number(answer.headers['retry-after']);
  const asked = Number.isFinite(seconds) ? seconds * 1_000 : 100 * 2 ** attempt;
  return Math.min(asked, longestWaitMs);
}

type Sending = { access: GraphAccess; agent: Agent; method: string; path: string; body: unknown };

async function sendOnce({ access, agent, method, path, body }: Sending): Promise<GraphAnswer> {
  const url = path.startsWith('https:') ? path : `${access.url.replace(/\/$/, '')}${path}`;
  const text = body === undefined ? undefined : JSON.stringify(body);
  return await new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${access.token}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const outgoing = request(url, { method, agent, headers, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const retryAfter = response.headers['retry-after'];
        resolve({
          status: response.statusCode ?? 0,
          body: parsed(Buffer.concat(chunks).toString('utf8')),
          headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
        });
      });
    });
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`Graph did not answer in 30 s: ${method} ${path}`)),
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
