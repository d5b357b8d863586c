import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

const unified = { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] };

/** Groups whose names are the same to AD, in four scripts; each set is founded in the same moment. */
const namesakes = [
  ['Köln', 'Koln'],
  ['Маркетинг', 'Marketing'],
  ['東京', 'DongJing'],
  ['Αθήνα', 'Athina', 'Athína'],
];

export async function foundNamesakes(stage: Stage): Promise<void> {
  for (const names of namesakes)
    await stage.burst(async () => {
      for (const name of names) await stage.found(name);
    });
}

/** Groups of the rarer kinds: what hides its members has none in AD, what gives roles is not there, and a rule makes no difference. */
export async function foundRarities(stage: Stage, { members }: Cast): Promise<void> {
  const people = (from: number, entering: 'all' | 'nobody') => {
    const ids = members.slice(from, from + 5).map((person) => person.id);
    return { ids, entering: entering === 'all' ? ids.length : 0 };
  };
  const hidden = await stage.found('Ombudspersons', { ...unified, visibility: 'HiddenMembership' });
  await stage.addMembers('five people join a group that hides them', hidden, people(0, 'nobody'));
  const roles = await stage.found('Helpdesk role', { isAssignableToRole: true }, 'nothing');
  await stage.addMembers('five people get a role in the cloud', roles, people(5, 'nobody'));
  const dynamic = { groupTypes: ['DynamicMembership'], membershipRule: 'user.department -eq "Never"' };
  await stage.found('Everybody with a rule', dynamic);
  await stage.found('A room with a rule', {
    ...{ ...unified, groupTypes: ['Unified', 'DynamicMembership'] },
    membershipRule: 'user.department -eq "Never"',
  });
  const nested = await stage.found('Around the role');
  await stage.addMembers('a group that is not in AD becomes part of one that is', nested, {
    ...{ ids: [roles], entering: 0 },
  });
}

/**
 * A Microsoft 365 group may give rights in the cloud: in AD it stays what it is. Exchange makes a distribution group a security group and
 * the other way round: nobody is notified of that, a round finds it.
 */
export async function changeKinds(stage: Stage, { projects, byExchange }: Cast): Promise<void> {
  for (const { id, displayName, securityEnabled } of byExchange)
    await stage.write({
      what: `Exchange ${securityEnabled ? 'takes' : 'gives'} ${displayName} its rights`,
      ...{ target: id, effect: { type: 'nothing' }, method: 'POST', path: stage.importUrl },
      body: { groups: [{ id, securityEnabled: !securityEnabled }] },
    });
  for (const { id, displayName } of projects.slice(0, 2))
    for (const securityEnabled of [true, false])
      await stage.write({
        what: `group ${displayName} ${securityEnabled ? 'gives' : 'gives no'} rights in the cloud`,
        ...{ target: id, effect: { type: 'nothing' }, method: 'PATCH', path: `/groups/${id}` },
        body: { securityEnabled },
      });
}
