import { expect, it } from 'vitest';
import { smaller, startOnce } from './start-command.ts';

/** As in production: WebSockets and managed identity instead of AMQP and a key. */
it('does the same over WebSockets with a managed identity', async () => {
  const { code, result, told } = await startOnce('--wss', ...smaller);
  expect(code, told).toBe(0);
  expect(result.differences).toBe(0);
});
