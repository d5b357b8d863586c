import { defineConfig } from 'vitest/config';

type Suite = { include: string[]; timeoutMs: number; filesAtOnce?: number; after?: number };

const suite = (name: string, { include, timeoutMs, filesAtOnce, after = 0 }: Suite) => ({
  test: {
    ...{ name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs * 2 },
    // Projects with different numbers of workers may not run side by side.
    sequence: { groupOrder: after },
    ...(filesAtOnce === undefined ? {} : { maxWorkers: filesAtOnce }),
  },
});

/**
 * Unit tests mirror the source. The others run against real processes: contract and stack one file at a time; e2e two, because a whole
 * stack that plays a story mostly waits.
 */
export default defineConfig({
  test: {
    projects: [
      suite('unit', {
        include: ['test/{house,shared,functions,relay,local,cli,infra}/**/*.test.ts'],
        timeoutMs: 10_000,
      }),
      suite('contract', { include: ['test/contract/**/*.test.ts'], timeoutMs: 60_000, filesAtOnce: 1 }),
      suite('stack', { include: ['test/stack/**/*.test.ts'], timeoutMs: 180_000, filesAtOnce: 1 }),
      suite('e2e', { include: ['test/e2e/**/*.test.ts'], timeoutMs: 300_000, filesAtOnce: 2, after: 1 }),
    ],
  },
});
