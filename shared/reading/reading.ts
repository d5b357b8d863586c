import type { Fence } from './fence.ts';
import type { CloudObject, KindRules } from './kind-rules.ts';
import type { ReaderDeps } from './reader-deps.ts';

/** One invocation of a reader: what its parts share. */
export type Reading<T extends CloudObject> = {
  deps: ReaderDeps;
  rules: KindRules<T>;
  fence: Fence;
  signal: AbortSignal;
  /** When the invocation began, epoch ms. */
  startedAt: number;
};

/** Whether the invocation has worked long enough: the session lock is not renewed while a batch runs. */
export function isOverBudget(reading: Pick<Reading<CloudObject>, 'deps' | 'startedAt'>): boolean {
  return reading.deps.clock.now() - reading.startedAt > reading.deps.settings.budgetMs;
}
