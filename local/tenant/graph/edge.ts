import type { Context } from 'hono';
import type { Tenant } from '../tenant.ts';
import type { BearerCheck } from '../tokens.ts';
import { batch } from './batch.ts';
import type { GraphAnswer, GraphRequest, GraphVersion } from './exchange.ts';
import { badRequest, GraphProblem, throttledProblem, unavailableProblem } from './problem.ts';
import { answerTo, problemAnswer } from './routes.ts';

/** The way of a Graph request from the wire to a handler and back. */
export const graphEdge =
  (tenant: Tenant, bearer: BearerCheck) =>
  async (context: Context): Promise<Response> => {
    const answer = await answerOf(tenant, bearer, context.req.raw).catch((error: unknown) => {
      if (error instanceof GraphProblem) return problemAnswer(error, tenant);
      console.log(JSON.stringify({ level: 'error', msg: 'request failed', error: String(error) }));
      const problem = new GraphProblem(500, 'InternalServerError', 'The simulator failed; see its log.');
      return problemAnswer(problem, tenant);
    });
    return responseOf(tenant, answer, context.req.raw);
  };

async function answerOf(tenant: Tenant, bearer: BearerCheck, raw: Request): Promise<GraphAnswer> {
  const caller = bearer.caller(raw.headers.get('authorization') ?? undefined);
  if (caller === undefined)
    throw new GraphProblem(
      401,
      'InvalidAuthenticationToken',
      'Access token is empty, expired, or not for Graph.',
    );
  if (!caller.administrator) disturb(tenant);
  const url = new URL(raw.url);
  const version: GraphVersion = url.pathname.startsWith('/beta/') ? 'beta' : 'v1.0';
  const request: GraphRequest = {
    method: raw.method,
    path: decodeURIComponent(url.pathname).replace(/^\/(v1\.0|beta)/, ''),
    params: {},
    query: url.searchParams,
    header: (name) => raw.headers.get(name) ?? undefined,
    body: raw.method === 'GET' ? undefined : await bodyIn(raw),
    version,
    base: `${url.origin}/${version}`,
    caller,
  };
  if (request.method !== 'POST' || request.path !== '/$batch') return answerTo(tenant, request);
  if (!caller.administrator) tenant.counts.add('POST /$batch');
  return batch(tenant, request);
}

/** Applications are turned away now and then. */
function disturb(tenant: Tenant): void {
  if (tenant.occasions.strikes('throttled')) throw throttledProblem();
  if (tenant.occasions.strikes('unavailable')) throw unavailableProblem();
}

async function bodyIn(raw: Request): Promise<unknown> {
  if (raw.headers.get('content-type')?.startsWith('image/')) return new Uint8Array(await raw.arrayBuffer());
  const text = await raw.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('Unable to read JSON request payload. Please ensure it is valid JSON.');
  }
}

function responseOf(tenant: Tenant, answer: GraphAnswer, raw: Request): Response {
  const given = raw.headers.get('client-request-id');
  const headers = {
    'request-id': tenant.newId(),
    ...(given !== null && { 'client-request-id': given }),
    ...answer.headers,
  };
  if (answer.picture !== undefined) {
    const { bytes, contentType } = answer.picture;
    const pictured = { ...headers, 'content-type': contentType };
    return new Response(new Uint8Array(bytes), { status: answer.status, headers: pictured });
  }
  if (answer.body === undefined) return new Response(null, { status: answer.status, headers });
  const contentType = 'application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8';
  return new Response(JSON.stringify(answer.body), {
    status: answer.status,
    headers: { ...headers, 'content-type': contentType },
  });
}
