import type { Tenant } from '../tenant.ts';
import { recordIn } from './body.ts';
import { type GraphAnswer, type GraphRequest, ok } from './exchange.ts';
import { badRequest, GraphProblem, throttledProblem } from './problem.ts';
import { answerTo, problemAnswer } from './routes.ts';

/** How many requests a batch may hold. */
const most = 20;

type Inner = {
  id: string;
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
  dependsOn?: string[];
};

/** POST /$batch: up to 20 requests; the answers come in another order than the questions (reference C). */
export async function batch(tenant: Tenant, request: GraphRequest): Promise<GraphAnswer> {
  const inner = innerIn(recordIn(request)['requests']);
  const answers = new Map<string, GraphAnswer>();
  for (const one of inner) answers.set(one.id, await answerInner(tenant, request, one, answers));
  const responses = inner.map(({ id }) => {
    const { status, headers = {}, body, picture } = answers.get(id) ?? { status: 424 };
    const contentType = { 'Content-Type': picture?.contentType ?? 'application/json' };
    const shown = picture === undefined ? body : picture.bytes.toString('base64');
    return { id, status, headers: { ...contentType, ...headers }, body: shown };
  });
  return ok({ responses: responses.reverse() });
}

function innerIn(requests: unknown): Inner[] {
  if (!Array.isArray(requests) || requests.length === 0 || requests.length > most)
    throw badRequest(`A batch holds 1 to ${most} requests.`);
  const inner = requests as Inner[];
  if (new Set(inner.map(({ id }) => id)).size !== inner.length)
    throw badRequest('Request ids must be unique.');
  for (const { id, method, url, body, headers } of inner) {
    if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string')
      throw badRequest('Each request needs id, method and url.');
    if (body !== undefined && headerOf(headers, 'content-type') === undefined)
      throw badRequest(`Request '${id}' has a body but no Content-Type header.`);
  }
  return inner;
}

async function answerInner(
  tenant: Tenant,
  outer: GraphRequest,
  inner: Inner,
  answers: ReadonlyMap<string, GraphAnswer>,
): Promise<GraphAnswer> {
  const failed = inner.dependsOn?.some((id) => (answers.get(id)?.status ?? 500) >= 400);
  if (failed) return problemAnswer(new GraphProblem(424, 'FailedDependency', 'A dependency failed.'), tenant);
  if (!outer.caller.administrator && tenant.occasions.strikes('batch-throttled'))
    return problemAnswer(throttledProblem(), tenant);
  const url = new URL(inner.url.replace(/^\/?/, '/'), 'https://localhost');
  return answerTo(tenant, {
    ...outer,
    method: inner.method.toUpperCase(),
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    body: inner.body,
    header: (name) => headerOf(inner.headers, name),
  });
}

function headerOf(headers: Record<string, string> | undefined, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([known]) => known.toLowerCase() === name)?.[1];
}
