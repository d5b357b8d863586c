import type { Result } from '../../shared/contracts/result.ts';
import { type Disposition, type ErrorCode, WritebackError } from '../../shared/errors.ts';

/** Codes that say that the relay's account or the forest is set up wrongly, rather than that one object is odd. */
const configurationCodes: ReadonlySet<ErrorCode> = new Set(['rights-missing', 'schema-missing']);
/** So many different objects in a row, without a success between, are no coincidence. */
const objectsToHalt = 20;

/** A code that concerns one object has become everybody's. */
export class ConfigurationHalt extends WritebackError {
  override readonly disposition: Disposition = 'halt';

  constructor(code: ErrorCode) {
    super(code, { detail: `${objectsToHalt} objects in a row` });
  }
}

/** Counts objects that failed with one configuration-class code, one after the other. */
export class Streak {
  #code: ErrorCode | undefined;
  readonly #objects = new Set<string>();

  /** To be told every result before it is sent. Throws a halt at the 20th object, and again until a success. */
  note(result: Result): void {
    const { code, outcome } = result;
    if (code !== undefined && configurationCodes.has(code)) {
      if (code !== this.#code) this.#objects.clear();
      this.#code = code;
      this.#objects.add(result.id);
      if (this.#objects.size >= objectsToHalt) throw new ConfigurationHalt(code);
      return;
    }
    const wrote = result.changed.length > 0 || outcome === 'deleted';
    if (wrote && outcome !== 'rejected') this.#objects.clear();
  }
}
