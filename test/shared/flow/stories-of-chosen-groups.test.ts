import { beforeEach, describe, expect, it } from 'vitest';
import { ann, bob, chosen, company, group, nested, team, user } from './company.ts';
import type { Flow } from './flow.ts';
import { membersOf, notify, runNow, written } from './in-scope.ts';

describe('members of a chosen group', () => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await company({ users: { groups: [chosen] } });
  });

  it('[users.scope.groups] [users.scope.entering-leaving] a user is written with the change that puts it there, and leaves with the one that takes it out', async () => {
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.addMember(chosen, user(ann));
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([ann]);
    expect(flow.relay.entry('user', ann)?.enabled).toBe(true);
    flow.tenant.removeMember(chosen, ann);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([]);
    expect(flow.relay.entry('user', ann)?.enabled).toBe(false);
  });

  it('[users.scope.entering-leaving] who leaves the scope leaves our groups, and has them again with its return', async () => {
    for (const id of [chosen, team]) flow.tenant.addMember(id, user(ann));
    flow.sweep();
    await flow.drain();
    const guid = flow.relay.entry('user', ann)?.guid;
    expect(membersOf(flow, team)).toEqual([`u:${ann}`]);
    flow.tenant.removeMember(chosen, ann);
    await notify(flow, 'group', chosen);
    await flow.drain();
    expect(membersOf(flow, team)).toEqual([]);
    flow.tenant.addMember(chosen, user(ann));
    await notify(flow, 'group', chosen);
    await flow.drain();
    expect(membersOf(flow, team)).toEqual([`u:${ann}`]);
    expect(flow.relay.entry('user', ann)?.guid).toBe(guid);
  });

  it('[users.scope.groups] a member of a group in it counts, also when that group is put there with its members', async () => {
    flow.tenant.addMember(nested, user(ann));
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.addMember(chosen, group(nested));
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([ann]);
    flow.tenant.addMember(nested, user(bob));
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([ann, bob]);
    flow.tenant.removeMember(chosen, nested);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([]);
  });

  it('[users.scope.entering-leaving] a chosen group that is deleted takes its members along, and brings them back', async () => {
    flow.tenant.addMember(chosen, user(ann));
    await notify(flow, 'group', chosen);
    flow.tenant.remove('group', chosen);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.restore('group', chosen);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([ann]);
  });

  it('[users.scope.entering-leaving] so does a group in it', async () => {
    flow.tenant.addMember(chosen, group(nested));
    flow.tenant.addMember(nested, user(ann));
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([ann]);
    flow.tenant.remove('group', nested);
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.restore('group', nested);
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([ann]);
  });

  it('[users.scope.entering-leaving] a group that is taken out and emptied at once leaves nobody behind', async () => {
    flow.tenant.addMember(chosen, group(nested));
    flow.tenant.addMember(nested, user(ann));
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
    flow.tenant.removeMember(chosen, nested);
    flow.tenant.removeMember(nested, ann);
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([]);
  });

  it('[users.scope.groups] a lost notification is made good by the next round', async () => {
    flow.tenant.addMember(chosen, user(ann));
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
  });

  it('[users.scope.groups] what delta lost with its link, the full round of groups finds', async () => {
    flow.tenant.addMember(chosen, user(ann));
    flow.tenant.expired.add('group');
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
  });

  it('[users.scope.groups] a replica that lags behind the change is asked again', async () => {
    flow.tenant.addMember(chosen, user(ann));
    flow.tenant.lag.reads = () => 1;
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.lag.reads = () => 0;
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
  });
});

it('[users.scope.groups] the groups that choose need not be written themselves', async () => {
  const flow = await company({ users: { groups: [chosen] }, groups: false });
  flow.tenant.addMember(chosen, user(ann));
  await notify(flow, 'group', chosen);
  expect([written(flow, 'user'), written(flow, 'group')]).toEqual([[ann], []]);
  flow.tenant.remove('group', chosen);
  await notify(flow, 'group', chosen);
  expect(written(flow, 'user')).toEqual([]);
});

it('[users.scope.groups] a round that lags behind the change of such a group is asked for again', async () => {
  const flow = await company({ users: { groups: [chosen] }, groups: false });
  flow.clock.advance(10_000);
  flow.tenant.lag.pages = () => 1;
  flow.tenant.addMember(chosen, user(ann));
  await notify(flow, 'group', chosen);
  expect(written(flow, 'user')).toEqual([]);
  flow.tenant.lag.pages = () => 0;
  flow.clock.advance(2_000);
  await runNow(flow);
  expect(written(flow, 'user')).toEqual([ann]);
});
