import type { TokenCredential } from '@azure/identity';
import { WritebackError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';

const renewBeforeMs = 5 * 60_000;

/**
 * The access token for a scope, asked for once and kept until five minutes before it expires; callers at the same time share
 * one request. Throws graph-unavailable: an identity endpoint that is away comes back.
 */
export function cachedToken(
  credential: TokenCredential,
  scope: string,
  clock: Pick<Clock, 'now'>,
): () => Promise<string> {
  let current: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;

  const ask = async (): Promise<string> => {
    try {
      const answer = await credential.getToken(scope);
      if (answer === null) throw new Error('no token');
      current = { token: answer.token, until: answer.expiresOnTimestamp - renewBeforeMs };
      return answer.token;
    } catch (error) {
      throw new WritebackError('graph-unavailable', { detail: 'no access token could be had', cause: error });
    } finally {
      asking = undefined;
    }
  };
  return async () => {
    if (current !== undefined && clock.now() < current.until) return current.token;
    asking ??= ask();
    return await asking;
  };
}
