import { randomUUID } from 'node:crypto';
import type { NewEntry } from '../../../relay/ports.ts';

/** A user or group with names of its own, as little else as there can be. */
export const entry = (
  kind: 'user' | 'group',
  overrides: { cn?: string; attributes?: NewEntry['attributes'] } = {},
): NewEntry => ({
  kind,
  cn: overrides.cn ?? randomUUID(),
  attributes: {
    sAMAccountName: randomUUID().replaceAll('-', '').slice(0, 20),
    ...(kind === 'group' ? { groupType: '-2147483640' } : {}),
    ...overrides.attributes,
  },
});
