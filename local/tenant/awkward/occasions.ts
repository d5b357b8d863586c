import { type Behaviour, behaviours, type Frequency } from './behaviours.ts';
import { randomFrom } from './random.ts';

type Options = {
  enabled: ReadonlySet<Behaviour>;
  seed: number;
  /** Occurrences so far, by name, those before a restart included; kept up to date by `occurred`. */
  counts: ReadonlyMap<string, number>;
  /** Told of every occurrence. */
  occurred: (name: Behaviour) => void;
};

/** Decides, repeatably for a seed, at which opportunities an awkward behaviour shows itself. */
export class Occasions {
  readonly #options: Options;
  readonly #states = new Map<Behaviour, { opportunities: number; sinceLast: number; random: () => number }>();

  constructor(options: Options) {
    this.#options = options;
  }

  enabled(name: Behaviour): boolean {
    return this.#options.enabled.has(name);
  }

  /** Whether the behaviour shows itself now; asking is an opportunity. */
  strikes(name: Behaviour): boolean {
    if (!this.enabled(name)) return false;
    const state = this.#state(name);
    state.opportunities += 1;
    state.sinceLast += 1;
    if (!this.#due(behaviours[name], this.#options.counts.get(name) ?? 0, state)) return false;
    state.sinceLast = 0;
    this.#options.occurred(name);
    return true;
  }

  /** A number in [0, 1) from the behaviour's own source. */
  random(name: Behaviour): number {
    return this.#state(name).random();
  }

  #due(
    frequency: Frequency,
    count: number,
    state: { opportunities: number; sinceLast: number; random: () => number },
  ): boolean {
    const drawn = state.random() < frequency.probability;
    if (count >= (frequency.atMost ?? Number.POSITIVE_INFINITY)) return false;
    if (count === 0) return drawn || state.opportunities >= frequency.firstBy;
    return drawn && state.sinceLast > frequency.gap;
  }

  #state(name: Behaviour) {
    const known = this.#states.get(name);
    if (known) return known;
    const random = randomFrom(this.#options.seed, name);
    const fresh = { opportunities: 0, sinceLast: Number.MAX_SAFE_INTEGER - 1e6, random };
    this.#states.set(name, fresh);
    return fresh;
  }
}
