/** Unicode category Cc (C0 and C1): directories refuse or mangle them. */
const controlCharacters = /\p{Cc}/gu;
const halfPairs = /\p{Surrogate}/gu;

/**
 * A text as a directory takes it: control characters become spaces, halves of surrogate pairs are dropped, the ends are
 * trimmed, and it is cut to `maxUnits` UTF-16 units without splitting a pair (docs/expected-state.md).
 */
export function cleanText(text: string | null | undefined, maxUnits = Number.POSITIVE_INFINITY): string {
  const whole = (text ?? '').replace(controlCharacters, ' ').replace(halfPairs, '').trim();
  return cutText(whole, maxUnits).trimEnd();
}

/** The first `maxUnits` UTF-16 units; a pair that would be split is dropped. */
export function cutText(text: string, maxUnits: number): string {
  return text.length <= maxUnits ? text : text.slice(0, maxUnits).replace(halfPairs, '');
}
