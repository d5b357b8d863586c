import { expect, it } from 'vitest';
import { fakeClock } from '../../fakes/clock.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { createFlowWith, seeded } from './flow.ts';
import { windowsRelay } from './windows-relay.ts';

/* Names that somebody on-premises holds: a person has to decide, and nobody else waits until then. */

const [ann, ben] = [idOf('user', 1), idOf('user', 2)];
const [hers, wished] = ['ann@contoso.example', 'boss@contoso.example'];

it('[users.names.swap] who takes the name of somebody whose new one a stranger holds waits a moment, not for the stranger', async () => {
  const clock = fakeClock();
  const relay = await windowsRelay(clock);
  relay.world.putOnPremises('stranger', { upn: wished });
  const flow = createFlowWith(relay, { random: seeded(3), clock });
  const runFor = async (ms: number): Promise<void> => {
    const until = clock.now() + ms;
    while (clock.now() < until) if (!(await flow.step())) clock.advance(100);
  };
  const upnOf = (id: string) => relay.world.entryOf(id)?.values.get('userprincipalname')?.[0];
  flow.tenant.putUser(ann, { userPrincipalName: hers });
  flow.sweep();
  await flow.drain();
  flow.tenant.putUser(ann, { userPrincipalName: wished });
  flow.ring('users', { type: 'look', ids: [ann] });
  await runFor(5_000);
  expect([upnOf(ann), flow.state.row('user', ann)?.code]).toEqual([hers, 'upn-taken']);
  flow.tenant.putUser(ben, { userPrincipalName: hers });
  flow.ring('users', { type: 'look', ids: [ben] });
  await runFor(5_000);
  expect([upnOf(ann), upnOf(ben)]).toEqual([undefined, hers]);
  expect(flow.state.row('user', ben)).toMatchObject({ code: '', ringAt: null });
});
