/**
 * The names of an entry as the relay issued them. `userPrincipalName`: null for none (an own one is let go), undefined where it is
 * left as it is, as always with groups.
 */
export type IssuedNames = {
  cn: string;
  sAMAccountName: string;
  userPrincipalName: string | null | undefined;
};

/** The name that an entry keeps: the one it has, where that is still among the candidates. */
export function keptName(current: string | undefined, candidates: readonly string[]): string | undefined {
  return current !== undefined && candidates.includes(current) ? current : undefined;
}

/** The first candidate that is not refused, or undefined where none is left. */
export function firstFree(candidates: readonly string[], refused: ReadonlySet<string>): string | undefined {
  return candidates.find((candidate) => !refused.has(candidate));
}
