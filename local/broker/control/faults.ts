/** Faults that a test can switch on by the control endpoint; both listeners look here. */
export class Faults {
  #refusing = false;
  #settlementDelayMs = 0;

  /** New connections are cut at once while this is on. */
  get isRefusing(): boolean {
    return this.#refusing;
  }

  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  /** Answers to settlements wait so long (milliseconds); the settlement itself does not. */
  slowSettlement(delayMs: number): void {
    this.#settlementDelayMs = delayMs;
  }

  readonly pace = (answer: () => void): void => {
    if (this.#settlementDelayMs === 0) answer();
    else setTimeout(answer, this.#settlementDelayMs);
  };
}
