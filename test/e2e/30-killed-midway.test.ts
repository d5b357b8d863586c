import { expect, it } from 'vitest';
import { smaller, startOnce } from './start-command.ts';

/** A process dies in the middle of the seed, without a word. */
it.each(['relay', 'functions'])('loses nothing when %s is killed in the middle of the seed', async (part) => {
  const { code, result, told } = await startOnce('--kill', part, ...smaller);
  expect(code, told).toBe(0);
  expect(result.differences).toBe(0);
  expect(result.killed?.part).toBe(part);
  expect(result.killed?.share).toBeGreaterThanOrEqual(0.3);
  expect(result.killed?.share).toBeLessThanOrEqual(0.7);
  expect(result.restarts[part === 'functions' ? 'host' : part]).toBe(1);
});
