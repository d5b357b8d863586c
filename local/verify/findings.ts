/** What can be wrong. The words are the verifier's vocabulary for people and for tests. */
export type DifferenceKind =
  | 'attribute'
  | 'name'
  | 'account-control'
  | 'group-type'
  | 'manager'
  | 'mark'
  | 'missing-entry'
  | 'extra-entry'
  | 'foreign-entry'
  | 'wrong-place'
  | 'identity'
  | 'missing-member'
  | 'extra-member'
  | 'synced-touched';

/** One difference between what the tenant asks for and what AD has. `id` is the cloud object's. */
export type Difference = {
  kind: DifferenceKind;
  id?: string;
  dn?: string;
  what: string;
  expected?: string;
  actual?: string;
};

/** Collects differences and counts how many facts were compared. */
export class Findings {
  readonly differences: Difference[] = [];
  compared = 0;

  /** One fact compared: a difference is kept where the values are not the same. `undefined` means absent. */
  equal(difference: Difference, expected: string | undefined, actual: string | undefined): void {
    this.compared++;
    if (expected === actual) return;
    this.differences.push({
      ...difference,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    });
  }

  /** One fact compared for which several values are right; what is expected is the first of them. */
  oneOf(difference: Difference, right: readonly (string | undefined)[], actual: string | undefined): void {
    const [first] = right;
    this.equal(difference, right.includes(actual) ? actual : first, actual);
  }

  /** One fact compared that is simply true or not. */
  holds(isTrue: boolean, difference: Difference): void {
    this.compared++;
    if (!isTrue) this.differences.push(difference);
  }
}
