import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudGroup } from '../../../shared/domain/cloud-object.ts';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import type { Flow } from './flow.ts';
import { flowUnder, membersOf, notify } from './in-scope.ts';

const [ann, staff] = [idOf('user', 1), idOf('group', 1)];

/** The same name and address for both: what changes is the kind, and nothing else of the entry. */
const asSecurity: Partial<CloudGroup> = { groupTypes: [], mailEnabled: false, securityEnabled: true };
const asMicrosoft365: Partial<CloudGroup> = {
  groupTypes: ['Unified'],
  mailEnabled: true,
  securityEnabled: false,
};

let flow: Flow;
async function begin(config: Parameters<typeof flowUnder>[0], first: Partial<CloudGroup>): Promise<void> {
  flow = await flowUnder(config);
  flow.tenant.putUser(ann);
  flow.tenant.putGroup(staff, first);
  flow.tenant.addMember(staff, { id: ann, type: 'user' });
  flow.sweep();
  await flow.drain();
}
const isSecurity = (): boolean | undefined => flow.relay.entry('group', staff)?.security;

describe('[groups.kinds.change] a group that becomes another kind in the cloud', () => {
  let guid: string | undefined;
  beforeEach(async () => {
    await begin({}, asSecurity);
    guid = flow.relay.entry('group', staff)?.guid;
    expect(isSecurity()).toBe(true);
  });

  it('is a distribution group as a Microsoft 365 group, and a security group again: the same entry, the same members', async () => {
    for (const [kind, security] of [
      [asMicrosoft365, false],
      [asSecurity, true],
    ] as const) {
      flow.tenant.putGroup(staff, kind);
      await notify(flow, 'group', staff);
      expect(isSecurity()).toBe(security);
      expect(flow.relay.entry('group', staff)?.guid).toBe(guid);
      expect(membersOf(flow, staff)).toEqual([keyOfWritten('user', ann)]);
    }
    await flow.drain();
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('also where only a sweep, or a full round, hears of it', async () => {
    flow.tenant.putGroup(staff, asMicrosoft365);
    flow.sweep();
    await flow.drain();
    expect(isSecurity()).toBe(false);
    flow.tenant.putGroup(staff, asSecurity);
    flow.tenant.expired.add('group');
    flow.sweep();
    await flow.drain();
    expect(isSecurity()).toBe(true);
  });
});

it('[groups.kinds.change] [groups.kinds.rule] the owner’s rule is asked anew when what it looks at changes', async () => {
  const kind = ({ visibility }: CloudGroup) => (visibility === 'Private' ? 'security' : 'distribution');
  await begin({ groups: { kind } }, { visibility: 'Public' });
  expect(isSecurity()).toBe(false);
  for (const [visibility, security] of [
    ['Private', true],
    ['Public', false],
  ] as const) {
    flow.tenant.putGroup(staff, { visibility });
    await notify(flow, 'group', staff);
    expect(isSecurity()).toBe(security);
  }
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});
