/** A request to a webhook, as a trigger hands it over. `query` is decoded once; `body` is as received. */
export type WebhookRequest = { query: URLSearchParams; body: Uint8Array };
export type WebhookAnswer = {
  status: 200 | 202 | 400 | 413 | 503;
  body?: string;
  headers?: Record<string, string>;
};

/** Graph batches notifications; a megabyte is far above what it sends. */
const maxBytes = 1_048_576;

/** What a trigger knows of an HTTP request (the part of `HttpRequest` that is needed). */
export type HttpLike = {
  query: URLSearchParams;
  headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
};

/** Reads a request. A body that says it is too large is not read: one byte too many stands for it. */
export async function readRequest(request: HttpLike): Promise<WebhookRequest> {
  const isTooLarge = Number(request.headers.get('content-length') ?? 0) > maxBytes;
  const body = isTooLarge ? new Uint8Array(maxBytes + 1) : new Uint8Array(await request.arrayBuffer());
  return { query: request.query, body };
}

/**
 * What both webhooks answer without looking at items: the validation handshake (the decoded token and nothing else, as plain
 * text that no browser may take for a page), and bodies that are too large or no JSON. Anything else is the parsed body.
 */
export function openRequest({ query, body }: WebhookRequest): { answer: WebhookAnswer } | { json: unknown } {
  const token = query.get('validationToken');
  if (token !== null) return { answer: { status: 200, body: token, headers: plainText } };
  if (body.byteLength > maxBytes) return { answer: { status: 413 } };
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return { json };
  } catch {
    return { answer: { status: 400 } };
  }
}

const plainText = {
  'content-type': 'text/plain',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};
