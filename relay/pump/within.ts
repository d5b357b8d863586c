/** Waits for a promise, but not longer than `limitMs`, and does not mind how it ends: for endings that are a courtesy. */
export async function within(promise: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  const ended = promise.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([ended, enough]);
  clearTimeout(timer);
}
