import { readStackToken } from '../tenant/tokens.ts';

/** How senders are known. Without `tokenSecret` local authentication is on: the instrumentation key is enough. */
export type Access = {
  tokenSecret: string | undefined;
  publishers: readonly string[] | undefined;
  now: () => number;
};

/** The status that refuses a request, or undefined where it may go on. */
export function refusalOf(authorization: string | undefined, access: Access): 401 | 403 | undefined {
  const { tokenSecret, publishers, now } = access;
  // With local authentication on, the real endpoint still reads a token; without the secret ours cannot.
  if (tokenSecret === undefined) return undefined;
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  const claims = token === undefined ? undefined : readStackToken(tokenSecret, token);
  if (claims === undefined || !audiences.has(claims.aud) || claims.exp * 1_000 <= now()) return 401;
  return publishers === undefined || publishers.includes(claims.appid ?? '') ? undefined : 403;
}

const audiences = new Set(['https://monitor.azure.com', 'https://monitor.azure.com/']);
