import { defineConfig } from 'vitest/config';

const suite = (name: string, include: string[], timeoutMs: number, parallel = true) => ({
  test: { name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs * 2, fileParallelism: parallel },
});

/** Unit tests mirror the source; contract, stack and e2e run against real processes, one file at a time. */
export default defineConfig({
  test: {
    projects: [
      suite('unit', ['test/{house,shared,functions,relay,local,cli,infra}/**/*.test.ts'], 10_000),
      suite('contract', ['test/contract/**/*.test.ts'], 60_000, false),
      suite('stack', ['test/stack/**/*.test.ts'], 180_000, false),
      suite('e2e', ['test/e2e/**/*.test.ts'], 300_000, false),
    ],
  },
});
