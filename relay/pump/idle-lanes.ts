/*
 * A lane that has no more messages is kept for a moment: the next command of the same object would otherwise pay for a new
 * session. But a worker that lingers there takes no other lane, so lingering is only allowed while enough workers wait for
 * sessions. When too few do, the lane that is idle for longest is let go.
 */

export type IdleLanes = {
  /** Counts the caller among those who wait for a session, for the time of the call. */
  whileWaiting<T>(call: () => Promise<T>): Promise<T>;
  /** Runs the call with a signal that ends it when the lane is wanted back. */
  whileIdle<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>;
};

/** `spare`: how many workers should always wait for a session. */
export function idleLanes(spare: number): IdleLanes {
  const idle = new Set<AbortController>();
  let waiting = 0;
  /** Lanes that were let go but whose workers do not wait yet. */
  let returning = 0;
  const letGo = () => {
    const [longest] = idle;
    if (longest === undefined || waiting + returning >= spare) return;
    idle.delete(longest);
    returning++;
    longest.abort();
  };
  return {
    async whileWaiting(call) {
      waiting++;
      try {
        return await call();
      } finally {
        waiting--;
        letGo();
      }
    },
    async whileIdle(call) {
      const controller = new AbortController();
      idle.add(controller);
      letGo();
      try {
        return await call(controller.signal);
      } finally {
        idle.delete(controller);
        if (controller.signal.aborted) returning--;
      }
    },
  };
}
