import { describe, expect, it } from 'vitest';
import { addressed } from '../../../../shared/adapters/service-bus/addressed.ts';
import type { Slice, UserBare } from '../../../../shared/contracts/command.ts';
import type { Result } from '../../../../shared/contracts/result.ts';
import { resultOf } from '../../../../shared/contracts/result-of.ts';
import type { Ring } from '../../../../shared/contracts/ring.ts';
import { laneOf } from '../../../../shared/domain/lane.ts';
import type { ObjectId } from '../../../../shared/domain/object-id.ts';
import { epochMs } from '../../../../shared/domain/time.ts';

const id = '00000000-0000-4000-8000-000000000001' as ObjectId;
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const ring: Ring = {
  v: 1,
  type: 'ring',
  kind: 'user',
  cause: 'admin',
  attempt: 0,
  want: { type: 'look', ids: [id] },
  traceparent,
  times: { ring: 1 },
};
const command: UserBare = {
  v: 1,
  type: 'user',
  state: 'absent',
  id,
  order: { epoch: 12, sequence: 3 },
  cause: 'ring',
  traceparent,
  times: { ring: 1 },
};
const slice: Slice = { ...command, type: 'slice', from: '', to: null, members: [], number: 2, count: 3 };
const result: Result = resultOf(command, { outcome: 'deleted', relay: 'r', times: { ring: 1, commit: 99 } });
const ids = () => {
  let n = 0;
  return () => `unique${++n}`;
};

describe('addressed', () => {
  it('puts doorbells into one session with an id of their own each time, due when said', () => {
    const unique = ids();
    const [a, b] = [1, 2].map(() => addressed({ to: 'users', message: ring, dueAt: epochMs(5_000) }, unique));
    expect(a).toMatchObject({
      sessionId: 'reader',
      messageId: 'ring-unique1',
      scheduledEnqueueTimeUtc: new Date(5_000),
    });
    expect(b?.messageId).toBe('ring-unique2');
    expect(a?.applicationProperties).toEqual({ type: 'ring', kind: 'user', cause: 'admin', traceparent });
    expect(addressed({ to: 'groups', message: ring }, unique)).not.toHaveProperty('scheduledEnqueueTimeUtc');
  });

  it('puts commands into the lane of their object, under an id that is the same for the same command only', () => {
    const once = addressed({ to: 'writes', message: command }, ids());
    expect(once.sessionId).toBe(laneOf(id));
    expect(once.messageId).toBe(`user-000000000000012.000000003-${id}`);
    expect(addressed({ to: 'writes', message: slice }, ids()).messageId).toBe(
      `slice-000000000000012.000000003-${id}-2`,
    );
    const next = { ...command, order: { epoch: 12, sequence: 4 } };
    expect(addressed({ to: 'writes', message: next }, ids()).messageId).not.toBe(once.messageId);
  });

  it('sends results without a session', () => {
    const message = addressed({ to: 'results', message: result }, ids());
    expect(message.sessionId).toBeUndefined();
    expect(message.messageId).toBe(`user-000000000000012.000000003-${id}-99`);
  });

  it('keeps ids within the 128 characters of Service Bus', () => {
    const order = { epoch: Number.MAX_SAFE_INTEGER, sequence: 999_999_999 };
    const longest = addressed({ to: 'writes', message: { ...slice, order, number: 999 } }, ids());
    expect(String(longest.messageId).length).toBeLessThanOrEqual(128);
  });
});
