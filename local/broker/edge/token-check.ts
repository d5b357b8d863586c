import { createHmac, timingSafeEqual } from 'node:crypto';

/** What tokens are checked against; a secret that is absent lets every token of its kind pass. */
export type TokenSecrets = { readonly jwtSecret: string | undefined; readonly sasKey: string | undefined };

/** A put-token request; `audience` is an URL like sb://host:port/queue. */
export type TokenOffer = { readonly type: string; readonly token: string; readonly audience: string };

const jwtAudience = 'https://servicebus.azure.net';
const farFuture = Number.MAX_SAFE_INTEGER;

/** Until when (epoch milliseconds) the token lets its bearer in, or undefined where it does not. */
export function checkToken(offer: TokenOffer, secrets: TokenSecrets, now: number): number | undefined {
  const until =
    offer.type === 'jwt' ? jwtExpiry(offer.token, secrets.jwtSecret) : sasExpiry(offer, secrets.sasKey);
  return until !== undefined && until > now ? until : undefined;
}

function jwtExpiry(token: string, secret: string | undefined): number | undefined {
  if (secret === undefined) return farFuture;
  const [header, payload, signature] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined) return undefined;
  const wanted = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  if (!isSame(wanted, Buffer.from(signature, 'base64url'))) return undefined;
  if (parseJson(header)['alg'] !== 'HS256') return undefined;
  const { aud, exp } = parseJson(payload);
  if (typeof aud !== 'string' || aud.replace(/\/$/, '') !== jwtAudience) return undefined;
  return typeof exp === 'number' ? exp * 1000 : undefined;
}

/** `SharedAccessSignature sr=…&sig=…&se=…&skn=…`, signed over the encoded resource and the expiry. */
function sasExpiry(offer: TokenOffer, key: string | undefined): number | undefined {
  if (key === undefined) return farFuture;
  const fields = new Map(
    offer.token
      .replace(/^SharedAccessSignature /, '')
      .split('&')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  );
  const resource = fields.get('sr') ?? '';
  const expiry = fields.get('se') ?? '';
  const wanted = createHmac('sha256', key).update(`${resource}\n${expiry}`).digest();
  const signature = Buffer.from(decodeURIComponent(fields.get('sig') ?? ''), 'base64');
  if (!isSame(wanted, signature)) return undefined;
  if (!offer.audience.toLowerCase().startsWith(decodeURIComponent(resource).toLowerCase())) return undefined;
  return Number(expiry) * 1000;
}

const isSame = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

function parseJson(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
