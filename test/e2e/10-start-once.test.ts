import { expect, it } from 'vitest';
import { command, startOnce } from './start-command.ts';

/** A newcomer types one command. */
it('writes a company and a story into AD without a difference, and leaves nothing behind', async () => {
  const { code, result, leftBehind, told } = await startOnce();
  expect(code, told).toBe(0);
  expect(result).toMatchObject({ differences: 0, settled: true });
  expect(result.users).toBeGreaterThanOrEqual(180);
  expect(result.groups).toBeGreaterThanOrEqual(60);
  expect(result.memberships).toBeGreaterThanOrEqual(6_000);
  expect(result.changes).toBeGreaterThanOrEqual(200);
  expect(result.compared).toBeGreaterThan(15_000);
  expect(result.lagMs.p50).toBeGreaterThan(0);
  expect(leftBehind).toEqual([]);
});

it('says what is wrong with a command line, with exit code 2', async () => {
  for (const args of [
    ['--once', '--empty'],
    ['--kill', 'relay'],
    ['--awkward', 'nonsense'],
    ['--seed', 'x'],
    ['--once', '--config', 'writeback.config.ts'],
  ])
    expect((await command('local/start.ts', ...args)).code, args.join(' ')).toBe(2);
  const help = await command('local/start.ts', '--help');
  expect(help.code).toBe(0);
  expect(help.output).toContain('--measure');
});
