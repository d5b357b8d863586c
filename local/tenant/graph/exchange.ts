import type { Caller } from '../tokens.ts';

export type GraphVersion = 'v1.0' | 'beta';

/** A Graph request, from the wire or from inside a `$batch`. `path` begins after the version. */
export type GraphRequest = {
  method: string;
  path: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  header: (name: string) => string | undefined;
  /** Parsed JSON, or the bytes of a picture; undefined where there is none. */
  body: unknown;
  version: GraphVersion;
  /** `https://host:port/v1.0`, for links. */
  base: string;
  caller: Caller;
};

/** The answer to it; `body` is JSON, or absent; a `picture` stands in its place. */
export type GraphAnswer = {
  status: number;
  body?: unknown;
  picture?: { bytes: Buffer; contentType: string };
  headers?: Readonly<Record<string, string>>;
};

export const ok = (body: unknown): GraphAnswer => ({ status: 200, body });
export const created = (body: unknown): GraphAnswer => ({ status: 201, body });
export const noContent: GraphAnswer = { status: 204 };

/** A path parameter that the route has. */
export function param(request: GraphRequest, name: string): string {
  return request.params[name] ?? '';
}
