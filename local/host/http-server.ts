import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isAllowed } from './function-key.ts';
import { type Binding, type RegisteredFunction, type RpcData, textOf } from './functions-core.ts';
import type { Invoker } from './invoke.ts';
import { log } from './log.ts';
import { matchRoute, parseRoute, type Route } from './route.ts';

/** A function with an HTTP trigger. */
export type HttpFunction = {
  target: RegisteredFunction;
  route: Route;
  methods: ReadonlySet<string>;
  authLevel: string;
};

/** What the server needs: its functions, the one key, the largest body, and functions that can be run by hand. */
export type HttpOptions = {
  functions: readonly HttpFunction[];
  invoker: Invoker;
  key: string;
  maxBodyBytes: number;
  /** `POST /admin/functions/<name>` with the key runs such a function now (as in the real host). */
  runByHand: ReadonlyMap<string, () => void>;
};

/** Describes a function's HTTP trigger; the route defaults to the function's name, below the prefix of host.json. */
export function httpFunction(
  target: RegisteredFunction,
  binding: Binding,
  routePrefix: string,
): HttpFunction {
  const route = textOf(binding, 'route') ?? target.metadata.name;
  const methods = Array.isArray(binding['methods']) ? binding['methods'] : ['GET', 'POST'];
  return {
    target,
    route: parseRoute(`${routePrefix}/${route}`),
    methods: new Set(methods.map((method) => String(method).toUpperCase())),
    authLevel: textOf(binding, 'authLevel') ?? 'anonymous',
  };
}

/** An HTTP server for the functions, not listening yet. */
export function makeHttpServer(options: HttpOptions): Server {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      log({ level: 'error', message: 'an HTTP request could not be answered', reason: String(error) });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

async function answer(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
  const call = { query: url.searchParams, headers: request.headers };
  const admin = /^\/admin\/functions\/([^/]+)$/.exec(url.pathname)?.[1];
  if (admin !== undefined) {
    const run = options.runByHand.get(admin);
    if (!isAllowed('admin', options.key, call)) return refuse(response, 401);
    if (run === undefined || request.method !== 'POST') return refuse(response, 404);
    run();
    return refuse(response, 202);
  }
  const found = find(options.functions, request.method ?? 'GET', url.pathname);
  if (found === undefined) return refuse(response, 404);
  if (!isAllowed(found.function.authLevel, options.key, call)) return refuse(response, 401);
  const body = await readBody(request, options.maxBodyBytes);
  if (body === undefined) return refuse(response, 413);
  const outcome = await options.invoker.invoke(found.function.target, {
    data: { http: rpcRequest({ request, url, parameters: found.parameters, body }) },
    traceParent: traceParentOf(request),
  });
  if (outcome.type === 'failed') return refuse(response, 500);
  respond(response, outcome.returnValue);
}

function find(functions: readonly HttpFunction[], method: string, path: string) {
  for (const candidate of functions) {
    const parameters = matchRoute(candidate.route, path);
    if (parameters !== undefined && candidate.methods.has(method)) return { function: candidate, parameters };
  }
  return undefined;
}

/** Reads the body, or answers undefined where it is larger than allowed; the rest is then read and thrown away. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}

type Received = {
  request: IncomingMessage;
  url: URL;
  parameters: Record<string, string>;
  body: Buffer;
};

/** `query` of the function's request is built from `nullableQuery`, not from the URL (cloud-protocols.md F.1). */
function rpcRequest({ request, url, parameters, body }: Received): object {
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.push([name, Array.isArray(value) ? value.join(', ') : value]);
  }
  return {
    method: request.method,
    url: url.href,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable([...url.searchParams]),
    nullableParams: nullable(Object.entries(parameters)),
    body: { bytes: body },
  };
}

const nullable = (entries: Iterable<readonly [string, string]>) =>
  Object.fromEntries([...entries].map(([name, value]) => [name, { value }]));

function traceParentOf(request: IncomingMessage): string | undefined {
  const value = request.headers['traceparent'];
  return typeof value === 'string' ? value : undefined;
}

type RpcHttpResponse = {
  statusCode?: string;
  headers?: Record<string, string>;
  body?: RpcData | null;
  cookies?: { name: string; value: string }[];
};

function respond(response: ServerResponse, value: RpcData | undefined): void {
  const http = value?.http as RpcHttpResponse | undefined;
  if (http === undefined) {
    refuse(response, 204);
    return;
  }
  for (const [name, header] of Object.entries(http.headers ?? {})) response.setHeader(name, header);
  for (const cookie of http.cookies ?? []) {
    response.appendHeader('set-cookie', `${cookie.name}=${encodeURIComponent(cookie.value)}`);
  }
  response.statusCode = Number(http.statusCode ?? '200');
  const bytes = http.body?.bytes;
  response.end(bytes === undefined ? (http.body?.string ?? '') : Buffer.from(bytes));
}

const refuse = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { 'content-length': '0' }).end();
};
