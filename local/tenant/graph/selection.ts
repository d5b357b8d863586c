import { isHalfLoaded } from '../awkward/half-loaded.ts';
import { type DirectoryObject, type ObjectType, objectTypes } from '../directory/directory-object.ts';
import { propertiesOf } from '../directory/properties.ts';
import type { Tenant } from '../tenant.ts';
import type { GraphRequest } from './exchange.ts';
import { badRequest } from './problem.ts';

/** The names in `$select`, each a property of one of the types (or one of `also`); undefined where absent. 400 otherwise. */
export function selection(
  query: URLSearchParams,
  types: readonly ObjectType[] = objectTypes,
  also: readonly string[] = [],
): readonly string[] | undefined {
  const text = query.get('$select');
  if (text === null || text.trim() === '') return undefined;
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!also.includes(name) && !types.some((type) => name in propertiesOf(type)))
      throw badRequest(
        `Could not find a property named '${name}' on type 'microsoft.graph.${types[0] ?? 'directoryObject'}'.`,
      );
  }
  return [...new Set(names)];
}

/**
 * The same for a read of one object; now and then only the first two, as of an object that is not loaded whole
 * (awkward/half-loaded.ts).
 */
export function selectionOf(
  tenant: Tenant,
  request: GraphRequest,
  object: DirectoryObject,
): readonly string[] | undefined {
  const select = selection(request.query, [object.type]);
  return select !== undefined && isHalfLoaded(tenant, request, object.id) ? select.slice(0, 2) : select;
}

/** `$top`, within what directory lists allow (1–999); `fallback` where absent. */
export function topOf(query: URLSearchParams, fallback: number): number {
  const text = query.get('$top');
  if (text === null) return fallback;
  const top = Number(text);
  if (!Number.isInteger(top) || top < 1 || top > 999)
    throw badRequest(`Invalid page size specified: '${text}'. Must be between 1 and 999 inclusive.`);
  return top;
}

/** Query options that a route does not know are refused, never silently ignored. */
export function allowOptions(query: URLSearchParams, allowed: readonly string[]): void {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !allowed.includes(name))
      throw badRequest(`The query specified in the URI is not valid: '${name}' is not supported here.`);
  }
}
