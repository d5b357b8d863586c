import { expect, it } from 'vitest';
import { lookInChunks } from '../../../../shared/reading/look.ts';
import { readMemberships } from '../../../../shared/reading/members/memberships.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { origin, readerParts } from '../reader-parts.ts';

const [ann, team] = [idOf('user', 1), idOf('group', 1)];

it('[users.attributes.photo] where a member stands is told without its photo; what it is to be, with it', async () => {
  const { tenant, state, usersReading, groupsReading } = readerParts({ users: { photo: true } });
  tenant.putUser(ann, { photo: 'AAAA' });
  tenant.putGroup(team);
  tenant.addMember(team, { id: ann, type: 'user' });
  await state.mergeRows([{ kind: 'group', id: team, state: 'present' }]);
  const leave = await groupsReading.fence.enter();
  const ask = { ...origin, kind: 'user' as const, id: ann, attempt: 0, groups: new Set([team]) };
  const sent = [];
  for await (const { messages } of readMemberships(groupsReading, [ask])) sent.push(...messages);
  leave();
  expect(sent).toContainEqual(
    expect.objectContaining({ message: expect.objectContaining({ id: team, add: [`u:${ann}`] }) }),
  );
  expect(tenant.reads).toMatchObject({ looked: 1, photos: 0 });

  const look = { ...origin, id: ann, attempt: 0, fresh: false, forced: false, parked: false };
  for await (const chunk of lookInChunks(usersReading, [{ ...look, nameWanted: false }]))
    expect('judged' in chunk && chunk.judged[0]?.decision.body).toMatchObject({ photo: 'AAAA' });
});
