/** How many requests applications made, by route; what the administrator asks is not counted. */
export class RequestCounts {
  readonly #routes = new Map<string, number>();
  #total = 0;

  add(route: string): void {
    this.#total += 1;
    this.#routes.set(route, (this.#routes.get(route) ?? 0) + 1);
  }

  get total(): number {
    return this.#total;
  }

  byRoute(): Record<string, number> {
    return Object.fromEntries([...this.#routes].sort(([left], [right]) => left.localeCompare(right)));
  }
}
