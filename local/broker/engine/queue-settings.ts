/** One queue as the engine sees it; durations in milliseconds. */
export type QueueSettings = {
  readonly name: string;
  readonly requiresSession: boolean;
  readonly duplicateWindowMs: number | undefined;
  readonly lockMs: number;
  readonly maxDeliveryCount: number;
  readonly timeToLiveMs: number;
};
