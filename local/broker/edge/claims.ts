import type { TokenOffer, TokenSecrets } from './token-check.ts';
import { checkToken } from './token-check.ts';

/** What one connection may touch, learnt by put-token; it forgets with the connection. */
export class Claims {
  readonly #secrets: TokenSecrets;
  readonly #now: () => number;
  readonly #until = new Map<string, number>();

  constructor(secrets: TokenSecrets, now: () => number) {
    this.#secrets = secrets;
    this.#now = now;
  }

  /** False: the token is bad. */
  offer(offer: TokenOffer): boolean {
    const until = checkToken(offer, this.#secrets, this.#now());
    if (until === undefined) return false;
    this.#until.set(pathOf(offer.audience), until);
    return true;
  }

  /** A claim covers its entity and what lies below it; a claim on the namespace covers everything. */
  allow(address: string): boolean {
    const path = address.toLowerCase();
    for (const [claimed, until] of this.#until) {
      const covers = claimed === '' || path === claimed || path.startsWith(`${claimed}/`);
      if (covers && until > this.#now()) return true;
    }
    return false;
  }
}

/** sb://host:port/a/b → a/b */
const pathOf = (audience: string): string =>
  audience
    .toLowerCase()
    .replace(/^[a-z]+:\/\/[^/]*/, '')
    .replace(/^\/+|\/+$/g, '');
