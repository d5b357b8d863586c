/** Who reports to whom, in both directions. */
export class ReportingLines {
  readonly #managers = new Map<string, string>();
  readonly #reports = new Map<string, Set<string>>();

  managerOf(user: string): string | undefined {
    return this.#managers.get(user);
  }

  /** Those who report to a manager, in the order in which they were assigned. */
  reportsOf(manager: string): ReadonlySet<string> {
    return this.#reports.get(manager) ?? nobody;
  }

  set(user: string, manager: string | null): void {
    this.#reports.get(this.#managers.get(user) ?? '')?.delete(user);
    this.#managers.delete(user);
    if (manager === null) return;
    this.#managers.set(user, manager);
    const reports = this.#reports.get(manager) ?? new Set<string>();
    this.#reports.set(manager, reports.add(user));
  }

  /** Removes somebody from both sides. */
  forget(id: string): void {
    this.set(id, null);
    for (const report of [...this.reportsOf(id)]) this.set(report, null);
    this.#reports.delete(id);
  }
}

const nobody: ReadonlySet<string> = new Set();
