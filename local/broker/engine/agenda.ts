/** Time as the engine sees it. `wake` runs once after so many milliseconds; the answer takes it back. */
export type EngineClock = {
  now(): number;
  wake(afterMs: number, run: () => void): () => void;
};

/** Something that happens at a moment (epoch milliseconds) unless it is cancelled before. */
export type Alarm = {
  readonly at: number;
  readonly serial: number;
  readonly ring: () => void;
  live: boolean;
};

const longestWakeMs = 2 ** 31 - 1;
const compactionFloor = 1024;

/** Alarms of the same moment ring in the order they were set. */
const isLater = (a: Alarm, b: Alarm): boolean => a.at > b.at || (a.at === b.at && a.serial > b.serial);

/**
 * All deadlines of the broker (locks, time to live, schedules, waiting accepts) in one heap with one timer armed for the
 * earliest: nothing polls, and a hundred thousand messages with a time to live cost one timer.
 */
export class Agenda {
  readonly #clock: EngineClock;
  #heap: Alarm[] = [];
  #dead = 0;
  #serial = 0;
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm: () => void = () => {};

  constructor(clock: EngineClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  at(at: number, ring: () => void): Alarm {
    this.#serial += 1;
    const alarm: Alarm = { at, serial: this.#serial, ring, live: true };
    this.#heap.push(alarm);
    this.#rise(this.#heap.length - 1);
    if (at < this.#armedFor) this.#arm();
    return alarm;
  }

  /** Alarms leave the heap when they come up; many cancelled ones are swept out together. */
  cancel(alarm: Alarm | undefined): void {
    if (alarm?.live !== true) return;
    alarm.live = false;
    this.#dead += 1;
    if (this.#dead > compactionFloor && this.#dead * 2 > this.#heap.length) this.#sweep();
  }

  stop(): void {
    this.#disarm();
    this.#heap = [];
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #ringDue(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    for (let next = this.#heap[0]; next !== undefined && next.at <= this.#clock.now(); next = this.#heap[0]) {
      this.#takeFirst();
      if (next.live) {
        next.live = false;
        next.ring();
      } else {
        this.#dead -= 1;
      }
    }
    this.#arm();
  }

  #arm(): void {
    this.#disarm();
    const first = this.#heap[0];
    this.#armedFor = first?.at ?? Number.POSITIVE_INFINITY;
    if (first === undefined) {
      this.#disarm = () => {};
      return;
    }
    const afterMs = Math.min(Math.max(first.at - this.#clock.now(), 0), longestWakeMs);
    this.#disarm = this.#clock.wake(afterMs, () => this.#ringDue());
  }

  #sweep(): void {
    // A sorted array is a valid heap.
    this.#heap = this.#heap.filter((alarm) => alarm.live).sort((a, b) => (isLater(a, b) ? 1 : -1));
    this.#dead = 0;
  }

  #takeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const moving = heap[from] as Alarm;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as Alarm;
      if (isLater(moving, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = moving;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const moving = heap[from] as Alarm;
    let index = from;
    for (;;) {
      let childIndex = index * 2 + 1;
      if (childIndex >= heap.length) break;
      const right = heap[childIndex + 1];
      if (right !== undefined && isLater(heap[childIndex] as Alarm, right)) childIndex += 1;
      const child = heap[childIndex] as Alarm;
      if (isLater(child, moving)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = moving;
  }
}
