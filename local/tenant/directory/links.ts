/** Who is linked to which group, in the order of linking; kept in both directions. */
export class Links {
  readonly #targets = new Map<string, Map<string, number>>();
  readonly #groups = new Map<string, Set<string>>();

  add(group: string, target: string, seq: number): void {
    const targets = this.#targets.get(group) ?? new Map<string, number>();
    if (targets.has(target)) return;
    this.#targets.set(group, targets.set(target, seq));
    const groups = this.#groups.get(target) ?? new Set<string>();
    this.#groups.set(target, groups.add(group));
  }

  remove(group: string, target: string): void {
    this.#targets.get(group)?.delete(target);
    this.#groups.get(target)?.delete(group);
  }

  has(group: string, target: string): boolean {
    return this.#targets.get(group)?.has(target) === true;
  }

  /** Ids linked to a group with the position at which each was linked, ascending. */
  of(group: string): ReadonlyMap<string, number> {
    return this.#targets.get(group) ?? none;
  }

  /** Groups that an object is linked to. */
  groupsOf(target: string): ReadonlySet<string> {
    return this.#groups.get(target) ?? nowhere;
  }

  /** Removes an object from both sides. */
  forget(id: string): void {
    for (const group of [...this.groupsOf(id)]) this.remove(group, id);
    for (const target of [...this.of(id).keys()]) this.remove(id, target);
    this.#targets.delete(id);
    this.#groups.delete(id);
  }
}

const none: ReadonlyMap<string, number> = new Map();
const nowhere: ReadonlySet<string> = new Set();
