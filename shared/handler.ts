import type { Outgoing } from './ports.ts';

/**
 * One step of a handler: messages to send and, once they are enqueued, state to commit. The pipeline sends, then commits,
 * step by step; the trigger settles after the last one. A handler never settles, retries or logs success.
 */
export type Step = { messages: readonly Outgoing[]; commit?: () => Promise<void> };

/** Takes what a trigger delivered and yields steps. Throws WritebackError; the signal ends it early between steps. */
export type Handler<M> = (messages: M, signal: AbortSignal) => AsyncIterable<Step>;
