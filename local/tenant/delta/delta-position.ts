import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Where a client stands in a round, whole: the server keeps nothing, so tokens survive restarts.
 * `from` 0 is a full round. `upTo` was the newest change when the round began; what happens later comes in the next round.
 */
export type DeltaPosition = {
  kind: 'user' | 'group';
  /** As asked for; absent: the default properties. */
  select?: readonly string[];
  /** Restriction by `$filter=id eq …`. */
  ids?: readonly string[];
  /** Only changed properties (`Prefer: return=minimal`). */
  minimal?: true;
  from: number;
  upTo: number;
  /** Objects up to this key were delivered. */
  after: number;
  /** A group whose members did not fit: it comes first on the next page. */
  within?: Rest;
  /** Groups cut in half on purpose; they come last. */
  deferred: readonly Rest[];
  /** The round shows objects as they were at `upTo`. */
  lagging?: true;
  /** The page before was empty on purpose. */
  emptied?: true;
  /** Epoch ms. */
  issuedAt: number;
};

/** A group whose member entries after a position are still to be delivered. */
export type Rest = { id: string; key: number; entryAfter: number };

/** Days that a delta token lives (reference B.3). */
export const tokenDays = 7;

/** Turns positions into opaque texts, and back only those which this tenant gave out. */
export class DeltaTokens {
  readonly #tenantId: string;

  constructor(tenantId: string) {
    this.#tenantId = tenantId;
  }

  write(position: DeltaPosition): string {
    const body = Buffer.from(JSON.stringify(position)).toString('base64url');
    return `${body}.${this.#seal(body)}`;
  }

  /** Undefined where the token is not one of ours, is for the other kind, or is older than seven days. */
  read(token: string, kind: DeltaPosition['kind'], now: number): DeltaPosition | undefined {
    const [body = '', seal = ''] = token.split('.');
    const expected = this.#seal(body);
    if (seal.length !== expected.length || !timingSafeEqual(Buffer.from(seal), Buffer.from(expected))) return;
    const position = JSON.parse(Buffer.from(body, 'base64url').toString()) as DeltaPosition;
    const alive = position.issuedAt > now - tokenDays * 86_400_000;
    return alive && position.kind === kind ? position : undefined;
  }

  #seal(body: string): string {
    return createHmac('sha256', this.#tenantId).update(body).digest('base64url').slice(0, 16);
  }
}
