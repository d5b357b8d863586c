import { createHash } from 'node:crypto';
import { type DurationMs, durationMs } from '../domain/time.ts';
import { WritebackError } from '../errors.ts';
import type { Clock, Endpoint, State } from '../ports.ts';

/** The secret that Graph repeats in every notification. Everything here throws state-unavailable while the tables are away. */
export type ClientState = {
  /** As this process knows it; read once. What notifications are judged by. Makes none: state-unavailable where there is none yet. */
  current(): Promise<string>;
  /**
   * For a notification that `refused` does not fit: as it is kept now, which is `refused` again where it has not changed. Asked for at
   * most every ten seconds; undefined where that forbids asking, so that nobody can tell. Makes none.
   */
  again(refused: string): Promise<string | undefined>;
  /** As it is kept now, and made where there is none. What subscriptions are made with; for the keeper only. */
  settled(): Promise<string>;
};

const secretName = 'client-state';
const defaultCalmMs = durationMs(10_000);

/**
 * The app's own secret, so that nobody has to think of one and no setting holds it: 64 hex characters, made once for all instances.
 * Whoever removes its row gets another one, and no instance has to be told:
 *
 *   row removed ─▶ the keeper (by timer) makes a new one ─▶ its subscriptions have another URL ─▶ they are replaced, both doorbells ring
 *                       until then: the old secret counts,          an instance that still has the old one asks again
 *                       and who knows none answers 503
 */
export function ownClientState(deps: {
  state: Pick<State, 'secret' | 'keepSecret'>;
  clock: Clock;
  randomHex: (bytes: number) => string;
  calmMs?: DurationMs;
}): ClientState {
  const { state, clock, randomHex, calmMs = defaultCalmMs } = deps;
  let known: string | undefined;
  let reading: Promise<string | undefined> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  const keptNow = async (): Promise<string | undefined> => {
    try {
      known = (await state.secret(secretName)) ?? known;
      return known;
    } finally {
      reading = undefined;
    }
  };
  const read = (): Promise<string | undefined> => (reading ??= keptNow());
  return {
    async settled() {
      known = (await state.secret(secretName)) ?? (await state.keepSecret(secretName, randomHex(32)));
      return known;
    },
    async current() {
      const secret = known ?? (await read());
      if (secret === undefined) throw new WritebackError('state-unavailable', { detail: 'no secret yet' });
      return secret;
    },
    async again(refused) {
      if (known !== undefined && known !== refused) return known;
      if (clock.now() - askedAt < calmMs) return undefined;
      const secret = await read();
      askedAt = clock.now();
      return secret;
    },
  };
}

/** A secret that the settings give. */
export function givenClientState(secret: string): ClientState {
  const give = (): Promise<string> => Promise.resolve(secret);
  return { current: give, again: give, settled: give };
}

/**
 * Both addresses carry a fingerprint of the secret: Graph does not show a subscription's secret, but it shows its URL, so one that
 * was made with another secret is seen to be none of ours any more. Eight digits of a hash tell nothing about what was hashed.
 */
export function endpointWith(
  urls: Pick<Endpoint, 'notificationUrl' | 'lifecycleUrl'>,
  clientState: string,
): Endpoint {
  const fingerprint = createHash('sha256').update(clientState).digest('hex').slice(0, 8);
  const marked = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}v=${fingerprint}`;
  return {
    notificationUrl: marked(urls.notificationUrl),
    lifecycleUrl: marked(urls.lifecycleUrl),
    clientState,
  };
}
