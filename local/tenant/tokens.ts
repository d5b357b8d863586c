import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who asks. Only the administrator writes and sees the control endpoints; an application reads and subscribes. */
export type Caller = { application: string; administrator: boolean; readsHidden: boolean };

export type TokenClaims = {
  aud: string;
  roles: readonly string[];
  /** Epoch seconds. */
  exp: number;
  appid?: string;
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url');

/** A stack token: JWT, HS256. */
export function stackToken(secret: string, claims: TokenClaims): string {
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${sign(secret, text)}`;
}

/** Claims of a token signed with the secret, or undefined; time and audience are the caller's to check. */
export function readStackToken(secret: string, token: string): TokenClaims | undefined {
  const [header, body, signature, ...rest] = token.split('.');
  if (header === undefined || body === undefined || signature === undefined || rest.length > 0) return;
  const expected = Buffer.from(sign(secret, `${header}.${body}`));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return;
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as TokenClaims;
}

const audiences = new Set([
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  '00000003-0000-0000-c000-000000000000',
]);

/** Bearer tokens for Graph. A token that was good once is remembered: the signature is not computed on every request. */
export class BearerCheck {
  readonly #secret: string;
  readonly #now: () => number;
  readonly #known = new Map<string, TokenClaims>();

  constructor(secret: string, now: () => number) {
    this.#secret = secret;
    this.#now = now;
  }

  /** Who the `Authorization` header says asks; undefined: nobody we know (401). */
  caller(authorization: string | undefined): Caller | undefined {
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    const claims = token === undefined ? undefined : this.#claims(token);
    if (claims === undefined || claims.exp * 1000 <= this.#now()) return undefined;
    return {
      application: claims.appid ?? 'application',
      administrator: claims.roles.includes('administrator'),
      readsHidden: claims.roles.includes('Member.Read.Hidden'),
    };
  }

  #claims(token: string): TokenClaims | undefined {
    const known = this.#known.get(token);
    if (known) return known;
    const claims = readStackToken(this.#secret, token);
    if (claims === undefined || !audiences.has(claims.aud)) return undefined;
    if (this.#known.size > 1_000) this.#known.clear();
    this.#known.set(token, claims);
    return claims;
  }
}
