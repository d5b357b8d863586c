import { rhea } from '../amqp/rhea.ts';
import type { Claims } from './claims.ts';
import type { Reply, Request } from './request-reply.ts';

/** Answers a put-token request on `$cbs`: 200, or 401 for a bad token. */
export function putToken(claims: Claims, request: Request): Reply {
  const { operation, name, type } = request.properties;
  if (operation !== 'put-token' || typeof name !== 'string') return status(400, 'put-token expected');
  const good = claims.offer({ audience: name, type: String(type), token: String(request.body) });
  return good ? status(200, 'OK') : status(401, 'Unauthorized: the token is not valid here.');
}

const status = (code: number, description: string): Reply => ({
  properties: { 'status-code': rhea.types.wrap_int(code), 'status-description': description },
});
