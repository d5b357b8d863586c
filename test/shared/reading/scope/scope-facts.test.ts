import { describe, expect, it } from 'vitest';
import { scopeFactsOf } from '../../../../shared/reading/scope/scope-facts.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { readerParts } from '../reader-parts.ts';

const [ann, bob, cid] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
const [chosen, nested, denied] = [idOf('group', 1), idOf('group', 2), idOf('group', 3)];

/** Ann is in the chosen group, Bob in a group in it, Cid in neither. */
function company(config: Parameters<typeof readerParts>[0]) {
  const parts = readerParts(config);
  const { tenant } = parts;
  for (const id of [ann, bob, cid]) tenant.putUser(id);
  for (const id of [chosen, nested, denied]) tenant.putGroup(id);
  tenant.addMember(chosen, { id: ann, type: 'user' });
  tenant.addMember(chosen, { id: nested, type: 'group' });
  tenant.addMember(nested, { id: bob, type: 'user' });
  return parts;
}
const isIn = { inChosen: true, denied: false };
const isOut = { inChosen: false, denied: false };
const isDenied = { inChosen: true, denied: true };

describe.each(['look', 'page'] as const)('for a %s', (purpose) => {
  it('[users.scope.groups] members of a chosen group are in, directly or through a group in it', async () => {
    const { deps } = company({ users: { groups: [chosen] } });
    const facts = await scopeFactsOf(deps, 'user', [ann, bob, cid], purpose);
    expect([facts.get(ann), facts.get(bob), facts.get(cid)]).toEqual([isIn, isIn, isOut]);
  });

  it('[users.scope.groups] without nesting only direct members count', async () => {
    const { deps } = company({ users: { groups: [chosen], nested: false } });
    const facts = await scopeFactsOf(deps, 'user', [ann, bob], purpose);
    expect([facts.get(ann), facts.get(bob)]).toEqual([isIn, isOut]);
  });

  it('[users.scope.deny] who is named is denied, and who is in a group that is named', async () => {
    const { deps, tenant } = company({ users: { deny: [ann, denied] } });
    tenant.addMember(denied, { id: nested, type: 'group' });
    const facts = await scopeFactsOf(deps, 'user', [ann, bob, cid], purpose);
    expect([facts.get(ann), facts.get(bob), facts.get(cid)]).toEqual([isDenied, isDenied, isIn]);
  });

  it('[groups.scope.rules] of groups: members of a chosen group are in, the chosen group itself is not', async () => {
    const { deps } = company({ groups: { groups: [chosen], deny: [denied] } });
    const facts = await scopeFactsOf(deps, 'group', [chosen, nested, denied], purpose);
    expect(facts.get(chosen)).toEqual(isOut);
    expect(facts.get(nested)).toEqual(isIn);
    expect(facts.get(denied)).toEqual({ inChosen: false, denied: true });
  });

  it('nothing is asked where the configuration asks nothing', async () => {
    const { deps, tenant } = company({ users: { filter: () => true } });
    expect((await scopeFactsOf(deps, 'user', [ann, bob], purpose)).size).toBe(0);
    expect(tenant.reads).toMatchObject({ within: 0, everyone: 0 });
  });
});

it('[users.scope.groups] pages of a full round share one reading of the lists, however long both take', async () => {
  const { deps, tenant, clock, usersReading } = company({ users: { groups: [chosen] } });
  const { fence } = usersReading;
  const { everyoneWithin } = tenant;
  tenant.everyoneWithin = (of) => {
    clock.advance(40_000);
    return everyoneWithin(of);
  };
  const beginRound = (id: string): Promise<void> =>
    fence.commit({ round: { id, type: 'full', startedAt: clock.now(), pagesSent: 0, pagesDone: 0 } });
  await fence.enter();
  await beginRound('first');
  for (let page = 0; page < 5; page++) {
    await scopeFactsOf(deps, 'user', [ann], 'page');
    clock.advance(40_000);
  }
  expect(tenant.reads).toMatchObject({ within: 0, everyone: 1 });
  tenant.removeMember(chosen, ann);
  await beginRound('second');
  expect((await scopeFactsOf(deps, 'user', [ann], 'page')).get(ann)).toEqual(isOut);
  expect(tenant.reads.everyone).toBe(2);
});

it('[users.scope.entering-leaving] who has left returns by a direct answer only, never by a list that is old', async () => {
  const { deps, tenant, state } = company({ users: { groups: [chosen] } });
  expect((await scopeFactsOf(deps, 'user', [bob], 'page')).get(bob)).toEqual(isIn);
  tenant.removeMember(chosen, ann);
  await state.mergeRows([{ kind: 'user', id: ann, state: 'suspended', leftFor: 'outOfScope' }]);
  expect((await scopeFactsOf(deps, 'user', [ann], 'page')).get(ann)).toEqual(isOut);
});

it('[users.scope.entering-leaving] who is written leaves by a direct answer only, never by a list that lags', async () => {
  const { deps, tenant, state } = company({ users: { groups: [chosen] } });
  await state.mergeRows([{ kind: 'user', id: ann, state: 'present' }]);
  tenant.everyoneWithin = async () => ({ users: new Set(), groups: new Set() });
  const facts = await scopeFactsOf(deps, 'user', [ann, bob], 'page');
  expect([facts.get(ann), facts.get(bob)]).toEqual([isIn, isOut]);
});

it('[users.scope.deny] only groups are asked about: users on the list, and what was purged, cannot spoil the question', async () => {
  const gone = idOf('group', 9);
  const { deps, tenant } = company({ users: { groups: [chosen, gone], deny: [ann, denied] } });
  const asked: string[][] = [];
  const { within } = tenant;
  tenant.within = async (objects, of) => {
    asked.push([...of.groups]);
    return within(objects, of);
  };
  await scopeFactsOf(deps, 'user', [bob], 'look');
  await scopeFactsOf(deps, 'user', [cid], 'look');
  expect(asked).toEqual([[chosen], [denied], [chosen], [denied]]);
  expect(tenant.reads.looked).toBe(4);
});
