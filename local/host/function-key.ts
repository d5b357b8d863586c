import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Whether a call may reach a function: `anonymous` always, anything else only with the key in `?code=` or `x-functions-key`. */
export function isAllowed(
  level: string,
  key: string,
  call: { query: URLSearchParams; headers: IncomingHttpHeaders },
): boolean {
  if (level.toLowerCase() === 'anonymous') return true;
  const header = call.headers['x-functions-key'];
  const given = typeof header === 'string' ? header : call.query.get('code');
  return given !== null && timingSafeEqual(digest(given), digest(key));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
