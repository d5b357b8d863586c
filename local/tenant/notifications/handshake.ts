import { postTo } from './webhook.ts';

/** How long a subscriber has to answer the validation request, ms. */
const patienceMs = 10_000;

/**
 * Asks a subscriber's URL whether it wants notifications (reference A.4): it must answer 200, text/plain, and the decoded
 * token, nothing else. The token holds what a careless answer spoils. Gives the reason where it failed.
 */
export async function handshake(address: string, id: string): Promise<string | undefined> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${id}+%20<&>`;
  const url = new URL(address);
  url.search = `${url.search === '' ? '?' : `${url.search}&`}validationToken=${encodeURIComponent(token)}`;
  const post = { url, contentType: 'text/plain; charset=utf-8', body: '', timeoutMs: patienceMs };
  const answer = await postTo(post).catch((error: unknown) => String(error));
  if (typeof answer === 'string') return 'The endpoint could not be reached in time.';
  if (answer.status !== 200) return `The endpoint answered with status ${answer.status}, not 200.`;
  if (!answer.contentType.toLowerCase().startsWith('text/plain')) return 'The answer is not text/plain.';
  return answer.body === token ? undefined : 'The answer is not the decoded validation token.';
}
