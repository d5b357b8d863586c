export type NonEmpty<T> = [T, ...T[]];

/** The items in their order, `size` at a time; the last chunk may be shorter. */
export function chunksOf<T>(items: readonly T[], size: number): NonEmpty<T>[] {
  const chunks: NonEmpty<T>[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size) as NonEmpty<T>);
  return chunks;
}
