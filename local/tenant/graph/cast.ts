import { type ObjectType, objectTypes } from '../directory/directory-object.ts';
import { type GraphRequest, param } from './exchange.ts';
import { badRequest } from './problem.ts';

/** The type in a path segment such as `microsoft.graph.user`; undefined where the route has no cast. */
export function castOf(request: GraphRequest): ObjectType | undefined {
  const cast = param(request, 'cast');
  if (cast === '') return undefined;
  const type = objectTypes.find((one) => cast === `microsoft.graph.${one}`);
  if (type === undefined) throw badRequest(`Resource not found for the segment '${cast}'.`);
  return type;
}
