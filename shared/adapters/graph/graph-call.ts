import type { TokenCredential } from '@azure/identity';
import {
  AuthenticationHandler,
  type AuthenticationProvider,
  Client,
  HTTPMessageHandler,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import { type DurationMs, durationMs } from '../../domain/time.ts';
import { WritebackError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { cachedToken } from './cached-token.ts';

/** A request to Graph: `path` is relative to the version (`/users/…`), or a link that Graph gave, followed as it is. */
export type GraphRequest = { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; path: string; body?: unknown };

/** An answer with a status that the caller decides on. `body` is parsed JSON, unchecked; undefined where there was none. */
export type GraphAnswer = { status: number; body: unknown; retryAfterMs: DurationMs | undefined };

/** One request, one attempt. Throws graph-unavailable (no answer) and graph-refused (401, 403). */
export type GraphCall = (request: GraphRequest) => Promise<GraphAnswer>;

/** `baseUrl`: with version, for example `https://graph.microsoft.com/v1.0`. */
export type GraphCallOptions = {
  baseUrl: string;
  credential: TokenCredential;
  clock: Clock;
  timeoutMs?: DurationMs;
};

const scope = 'https://graph.microsoft.com/.default';
const defaultTimeoutMs = durationMs(20_000);

/**
 * Calls Graph through the official client with a chain of two: authentication, then HTTP. Its own RetryHandler is left out:
 * it waits up to 180 s, longer than a session lock allows; ./patient-call.ts waits within a budget instead.
 */
export function createGraphCall(options: GraphCallOptions): GraphCall {
  const client = createClient(options);
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  return async ({ method, path, body }) => {
    const request = client
      .api(path)
      .responseType(ResponseType.RAW)
      .option('signal', AbortSignal.timeout(timeoutMs));
    try {
      const response = await send(request, method, body);
      return await answerOf(response, options.clock);
    } catch (error) {
      throw error instanceof WritebackError ? error : withoutAnswer(error);
    }
  };
}

function createClient({ baseUrl, credential, clock }: GraphCallOptions): Client {
  const base = new URL(baseUrl);
  const token = cachedToken(credential, scope, clock);
  const provider: AuthenticationProvider = { getAccessToken: token };
  const authentication = new AuthenticationHandler(provider);
  authentication.setNext(new HTTPMessageHandler());
  return Client.initWithMiddleware({
    middleware: authentication,
    baseUrl: `${base.origin}/`,
    defaultVersion: base.pathname.replaceAll('/', ''),
    customHosts: new Set([base.hostname]),
  });
}

type ClientRequest = ReturnType<Client['api']>;

async function send(
  request: ClientRequest,
  method: GraphRequest['method'],
  body: unknown,
): Promise<Response> {
  if (method === 'GET') return (await request.get()) as Response;
  if (method === 'POST') return (await request.post(body)) as Response;
  if (method === 'PATCH') return (await request.patch(body)) as Response;
  return (await request.delete()) as Response;
}

async function answerOf(response: Response, clock: Clock): Promise<GraphAnswer> {
  const text = await response.text();
  const { status } = response;
  if (status === 401 || status === 403) {
    throw new WritebackError('graph-refused', {
      detail: `status ${status} ${errorCodeOf(parsed(text)) ?? ''}`.trim(),
    });
  }
  const body = parsed(text);
  if (status < 300 && text !== '' && body === undefined) {
    throw new WritebackError('graph-invalid', { detail: `status ${status} with a body that is not JSON` });
  }
  return { status, body, retryAfterMs: retryAfterOf(response.headers.get('retry-after'), clock) };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The `error.code` of a Graph error body: a word of Graph's own, never a value of the tenant. */
export function errorCodeOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code.replaceAll(/[^\w.]/g, '').slice(0, 60) : undefined;
}

/** Retry-After in seconds or as a date (RFC 9110 section 10.2.3). */
export function retryAfterOf(
  header: string | null | undefined,
  clock: Pick<Clock, 'now'>,
): DurationMs | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - clock.now() : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : durationMs(Math.max(0, Math.round(ms)));
}

/** The client wraps what its chain threw: a socket, a timeout, or a token that could not be had. All of them may heal. */
function withoutAnswer(error: unknown): WritebackError {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  return new WritebackError('graph-unavailable', { detail: `no answer (${code})`, cause: error });
}
