import { describe, expect, it } from 'vitest';
import type { Ring } from '../../../../shared/contracts/ring.ts';
import type { CloudGroup, CloudMember } from '../../../../shared/domain/cloud-object.ts';
import type { ObjectId } from '../../../../shared/domain/object-id.ts';
import type { DeltaItem, Outgoing, Row } from '../../../../shared/ports.ts';
import { scopeChangesOf } from '../../../../shared/reading/scope/scope-changes.ts';
import { ringsByComparison } from '../../../../shared/reading/scope/scope-comparison.ts';
import { cloudGroup, idOf } from '../../../fakes/cloud-objects.ts';
import { origin, readerParts } from '../reader-parts.ts';

const [ann, bob, cid] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
const [chosen, nested, other] = [idOf('group', 1), idOf('group', 2), idOf('group', 3)];
const user = (id: ObjectId): CloudMember => ({ type: 'user', id, known: false });
const group = (id: ObjectId): CloudMember => ({ type: 'group', id, known: false });

/** The chosen group with a group in it; another group. */
function company(config: Parameters<typeof readerParts>[0] = { users: { groups: [chosen] } }) {
  const parts = readerParts(config);
  for (const id of [chosen, nested, other]) parts.tenant.putGroup(id);
  parts.tenant.addMember(chosen, { id: nested, type: 'group' });
  return parts;
}
type Parts = ReturnType<typeof company>;

type News = { added?: CloudMember[]; removed?: CloudMember[]; followed?: string };
const live = (id: ObjectId, { added = [], removed = [] }: News = {}): DeltaItem<CloudGroup> => {
  return { type: 'live', id, object: cloudGroup(id), added, removed };
};
const deleted = (id: ObjectId): DeltaItem<CloudGroup> => ({ type: 'removed', id, reason: 'changed' });

/** What is rung at once for a page; rows of its groups say for whose scope they counted. */
async function rung(parts: Parts, items: DeltaItem<CloudGroup>[], followed: Record<string, string> = {}) {
  const judged = new Map(
    items.map(({ id }) => {
      const known = followed[id] ?? (id === other ? '' : 'user');
      const row: Row = { kind: 'group', id, state: 'outside', tag: '', followed: known };
      const ask = {
        ...origin,
        id,
        attempt: 0,
        fresh: false,
        forced: false,
        parked: false,
        nameWanted: false,
      };
      return [id, { ask, looked: { found: 'missing' as const }, row, decision: { patch: {} } }];
    }),
  );
  return scopeChangesOf(parts.groupsReading, items, { judged, origin });
}
const atOnce = (rings: readonly Outgoing[]): [string, Ring['want']][] =>
  rings.flatMap((ring) =>
    (ring.to === 'users' || ring.to === 'groups') && ring.dueAt === undefined
      ? [[ring.to, ring.message.want]]
      : [],
  );

describe('a change of a group that counts', () => {
  it('[users.scope.entering-leaving] rings for who was added to it and removed from it, three times', async () => {
    const parts = company();
    const { rings } = await rung(parts, [live(chosen, { added: [user(ann)], removed: [user(bob)] })]);
    expect(atOnce(rings)).toEqual([['users', { type: 'look', ids: [ann, bob] }]]);
    const after = rings.map((ring) => ('dueAt' in ring ? (ring.dueAt ?? 0) - parts.clock.now() : 0));
    expect(after).toEqual([0, 60_000, 900_000]);
    expect(rings.every(({ message }) => 'cause' in message && message.cause === 'scope')).toBe(true);
  });

  it('[users.scope.groups] of a group in it, too; of any other group, nobody', async () => {
    const parts = company();
    expect(atOnce((await rung(parts, [live(nested, { added: [user(ann)] })])).rings)).toHaveLength(1);
    expect((await rung(parts, [live(other, { added: [user(ann)] })])).rings).toEqual([]);
  });

  it('[users.scope.groups] without nesting, groups in it do not count', async () => {
    const parts = company({ users: { groups: [chosen], nested: false } });
    expect((await rung(parts, [live(nested, { added: [user(ann)] })])).rings).toEqual([]);
    expect((await rung(parts, [live(chosen, { added: [group(other)] })])).rings).toEqual([]);
  });

  it('[users.scope.entering-leaving] a group that is added or removed is a question about everybody', async () => {
    const parts = company();
    for (const news of [{ added: [group(other)] }, { removed: [group(nested)] }]) {
      expect(atOnce((await rung(parts, [live(chosen, news)])).rings)).toEqual([['users', { type: 'scope' }]]);
    }
  });

  it('[users.scope.entering-leaving] so is one that is deleted, comes back, or was taken out before it changed', async () => {
    const parts = company();
    const everybody = [['users', { type: 'scope' }]];
    expect(atOnce((await rung(parts, [deleted(chosen)])).rings)).toEqual(everybody);
    expect(atOnce((await rung(parts, [live(chosen)], { [chosen]: '' })).rings)).toEqual(everybody);
    parts.tenant.removeMember(chosen, nested);
    const { rings } = await rung(parts, [live(nested, { removed: [user(ann)] })]);
    expect(atOnce(rings)).toEqual([['users', { type: 'look', ids: [ann] }], ...everybody]);
  });

  it('a group that did not count is deleted without a question', async () => {
    expect((await rung(company(), [deleted(other)])).rings).toEqual([]);
  });

  it('[users.scope.deny] denied groups count as chosen ones do', async () => {
    const parts = company({ users: { deny: [chosen] } });
    expect(atOnce((await rung(parts, [live(chosen, { removed: [user(ann)] })])).rings)).toHaveLength(1);
  });

  it('[groups.scope.rules] for groups: who was added is looked at on the groups’ doorbell', async () => {
    const parts = company({ groups: { groups: [chosen], nested: false } });
    const { rings } = await rung(parts, [live(chosen, { added: [group(other), user(ann)] })], {
      [chosen]: 'group',
    });
    expect(atOnce(rings)).toEqual([['groups', { type: 'look', ids: [other] }]]);
  });

  it('remembers for which kinds each group counts', async () => {
    const parts = company({ users: { groups: [chosen] }, groups: { deny: [other] } });
    const { remember } = await rung(parts, [live(nested), live(other), deleted(chosen)]);
    expect([nested, other, chosen].map((id) => remember(id).followed)).toEqual(['user', 'group', '']);
    expect((await rung(readerParts(), [live(other)])).remember(other)).toEqual({});
  });

  it('thousands of members ring in portions', async () => {
    const added = Array.from({ length: 1_200 }, (_, n) => user(idOf('user', n)));
    const sizes = atOnce((await rung(company(), [live(chosen, { added })])).rings).map(([, want]) =>
      want.type === 'look' ? want.ids.length : 0,
    );
    expect(sizes).toEqual([500, 500, 200]);
  });
});

describe('the comparison of everybody', () => {
  async function looks(parts: Parts): Promise<ObjectId[]> {
    const rings = await ringsByComparison(parts.usersReading, { ...origin, attempt: 0 });
    return atOnce(rings).flatMap(([, want]) => (want.type === 'look' ? want.ids : []));
  }
  const put = (parts: Parts, id: ObjectId, state: Row['state'], more: Partial<Row> = {}) =>
    parts.state.mergeRows([{ kind: 'user', id, state, ...more }]);

  it('[users.scope.entering-leaving] rings for who is written but not in, and who is in but not written', async () => {
    const parts = company();
    for (const id of [ann, bob, cid]) parts.tenant.putUser(id);
    parts.tenant.addMember(nested, { id: ann, type: 'user' });
    parts.tenant.addMember(nested, { id: cid, type: 'user' });
    await put(parts, ann, 'outside');
    await put(parts, bob, 'present');
    expect(await looks(parts)).toEqual([ann, bob, cid]);
    await put(parts, ann, 'present');
    await put(parts, bob, 'suspended', { leftFor: 'outOfScope' });
    await put(parts, cid, 'present');
    expect(await looks(parts)).toEqual([]);
  });

  it('[users.scope.deny] who is denied is left alone, also where the chosen groups name them', async () => {
    const parts = company({ users: { groups: [chosen], deny: [ann] } });
    parts.tenant.putUser(ann);
    parts.tenant.addMember(chosen, { id: ann, type: 'user' });
    expect(await looks(parts)).toEqual([]);
  });

  it('is made again, for replicas that lag, and then no more', async () => {
    const parts = company();
    const again = async (attempt: number) =>
      (await ringsByComparison(parts.usersReading, { ...origin, attempt })).map((ring) => [
        'attempt' in ring.message ? ring.message.attempt : 0,
        'dueAt' in ring ? (ring.dueAt ?? 0) - parts.clock.now() : 0,
      ]);
    expect([await again(0), await again(1), await again(2)]).toEqual([[[1, 60_000]], [[2, 900_000]], []]);
  });
});
