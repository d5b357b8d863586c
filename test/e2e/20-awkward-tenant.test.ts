import { expect, it } from 'vitest';
import { smaller, startOnce } from './start-command.ts';

/** Graph is not always kind: everything that it is known to do happens in one run. */
it('arrives without a difference although the tenant does all it is known to do', async () => {
  const { code, result, told } = await startOnce('--awkward', 'all', '--seed', '7', ...smaller);
  expect(code, told).toBe(0);
  expect(result.differences).toBe(0);
  const names = Object.keys(result.awkward);
  expect(names.length).toBeGreaterThanOrEqual(15);
  for (const name of names) expect(result.awkward[name], name).toBeGreaterThan(0);
});
