/** Milliseconds since 1970-01-01 UTC. */
export type EpochMs = number & { readonly __brand: 'EpochMs' };

/** A span of time in milliseconds. */
export type DurationMs = number & { readonly __brand: 'DurationMs' };

export const epochMs = (value: number): EpochMs => value as EpochMs;
export const durationMs = (value: number): DurationMs => value as DurationMs;
