/** Passes on the first word, and then one at most once per period, epoch ms by `now`. */
export function tellSometimes(
  tell: (word: string) => void,
  periodMs: number,
  now: () => number = Date.now,
): (word: string) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (word) => {
    if (now() - toldAt < periodMs) return;
    toldAt = now();
    tell(word);
  };
}
