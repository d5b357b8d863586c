import type { GraphRequest } from './exchange.ts';
import { badRequest } from './problem.ts';

/** The JSON object in a request's body. 400 where there is none. */
export function recordIn(request: GraphRequest): Record<string, unknown> {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('Unable to read JSON request payload.');
  return body as Record<string, unknown>;
}

/** The object id at the end of a reference such as `https://graph.microsoft.com/v1.0/directoryObjects/<id>`. */
export function referencedId(reference: unknown): string {
  const id = typeof reference === 'string' ? /\/([0-9a-fA-F-]{36})\/?$/.exec(reference)?.[1] : undefined;
  if (id === undefined) throw badRequest('Invalid object reference URL specified.');
  return id.toLowerCase();
}

/** The ids in a list of references, e.g. the value of `members@odata.bind`. */
export function referencedIds(references: unknown): string[] {
  if (!Array.isArray(references)) throw badRequest('A list of object references was expected.');
  return references.map(referencedId);
}
