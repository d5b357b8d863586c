import { expect, it } from 'vitest';
import { flushAfter } from '../../../shared/telemetry/flush-after.ts';

it('sends what was measured before the work counts as done, also where it fails', async () => {
  const done: string[] = [];
  const telemetry = {
    flush: async () => {
      await new Promise(setImmediate);
      done.push('sent');
    },
  };
  await flushAfter(telemetry, async () => void done.push('worked'))();
  expect(done).toEqual(['worked', 'sent']);
  const failing = flushAfter(telemetry, async () => {
    throw new Error('no');
  });
  await expect(failing()).rejects.toThrow('no');
  expect(done).toEqual(['worked', 'sent', 'sent']);
});
