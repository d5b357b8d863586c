import { describe, expect, it } from 'vitest';
import type { Opened } from './opened.ts';

/** Secrets that the app makes once and shares. */
export function describeSecrets(open: () => Promise<Opened>): void {
  describe('secret, keepSecret', () => {
    it('keeps none at first', async () => {
      const { state } = await open();
      expect(await state.secret('webhook')).toBeUndefined();
    });

    it('keeps the first one for good, under its own name', async () => {
      const { state } = await open();
      expect(await state.keepSecret('webhook', 'one')).toBe('one');
      expect(await state.keepSecret('webhook', 'two')).toBe('one');
      expect(await state.keepSecret('other', 'three')).toBe('three');
      expect(await state.secret('webhook')).toBe('one');
    });

    it('gives everybody who tries at once the same', async () => {
      const { state } = await open();
      const tries = Array.from({ length: 8 }, (_, n) => state.keepSecret('webhook', `secret-${n}`));
      const got = new Set(await Promise.all(tries));
      expect(got.size).toBe(1);
      expect([...got]).toEqual([await state.secret('webhook')]);
    });
  });
}
