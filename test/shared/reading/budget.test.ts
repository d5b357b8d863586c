import { describe, expect, it } from 'vitest';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import type { Outgoing } from '../../../shared/ports.ts';
import { readMemberships } from '../../../shared/reading/members/memberships.ts';
import { type Ask, mergeRings } from '../../../shared/reading/merge-rings.ts';
import { ringsForRest } from '../../../shared/reading/rings.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { origin, readerParts } from './reader-parts.ts';

/** What an invocation has no time for is rung anew, with all that was asked. */
describe('after the budget', () => {
  it('memberships that were not read are asked for anew, each once', async () => {
    const { tenant, clock, groupsReading } = readerParts();
    const members = Array.from({ length: 100 }, (_, n) => idOf('user', n));
    for (const id of members) tenant.putUser(id);
    const { membershipsOf } = tenant;
    tenant.membershipsOf = async (kind, id) => {
      clock.advance(4_000);
      return membershipsOf(kind, id);
    };
    const leave = await groupsReading.fence.enter();
    const asks = members.map((id) => ({
      ...origin,
      ...{ kind: 'user' as const, id, groups: new Set<ObjectId>(), attempt: 0 },
    }));
    const sent: Outgoing[] = [];
    for await (const { messages } of readMemberships(groupsReading, asks)) sent.push(...messages);
    leave();
    // Forty fit into two minutes; each of them is asked once more later, because replicas lag.
    const rung = (isLater: boolean) =>
      sent.flatMap((ring) => {
        if (ring.to !== 'groups' || ring.message.want.type !== 'memberships') return [];
        const isRepetition = ring.message.attempt === 1;
        return isRepetition === isLater ? ring.message.want.members.map(({ id }) => id) : [];
      });
    expect(rung(true)).toEqual(members.slice(0, 40));
    expect(rung(false)).toEqual(members.slice(40));
  });

  it('looks that ask alike share rings, and ask what they asked', () => {
    const { deps } = readerParts();
    const ask = (n: number, more: Partial<Ask> = {}): Ask => {
      const asked = { attempt: 0, fresh: false, forced: false, parked: false, nameWanted: false };
      return { ...origin, id: idOf('user', n), ...asked, ...more };
    };
    const asks = [
      ...Array.from({ length: 1_200 }, (_, n) => ask(n)),
      ask(2_000, { fresh: true, forced: true }),
      ask(2_001, { nameWanted: true, attempt: 3 }),
      ask(2_002, { missedAt: 77, forced: true }),
      ask(2_003, { list: { type: 'first' }, forced: true }),
      ...[2_004, 2_005].map((n) => ask(n, { list: { type: 'first' } })),
    ];
    const rings = ringsForRest(deps, 'groups', asks);
    expect(rings).toHaveLength(8);
    const again = mergeRings(
      'group',
      rings.flatMap((ring) => (ring.to === 'groups' ? [ring.message] : [])),
    );
    const inOrder = (some: readonly Ask[]) =>
      some.map(({ traceparent: _, ...rest }) => rest).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(inOrder(again.looks)).toEqual(inOrder(asks));
  });
});
