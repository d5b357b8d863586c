/** ` (did you mean …?)` where one of the words is near enough, else nothing. */
export function didYouMean(text: string, words: readonly string[]): string {
  const near = words
    .map((word) => ({ word, far: distance(text.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, far }) => far <= Math.ceil(word.length / 3))
    .sort((a, b) => a.far - b.far)[0];
  return near === undefined ? '' : ` (did you mean ${near.word}?)`;
}

/** Levenshtein: how many letters must be added, dropped or changed to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
