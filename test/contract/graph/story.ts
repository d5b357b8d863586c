import { asApp } from './awkward-world.ts';
import { patiently } from './delta-reader.ts';
import { newSubscription, type Subscriber } from './subscriber.ts';
import { newUser, type World } from './world.ts';

/** 250 objects, 100 changes, a reader that looks after every few of them, and one that renews its subscriptions. */
export async function story(world: World, subscriber: Subscriber, read: () => Promise<void>): Promise<void> {
  const imported = Array.from({ length: 230 }, (_, number) => {
    return { ...newUser(), id: `bbbbbbbb-0000-4000-8000-${String(number).padStart(12, '0')}` };
  });
  const ids = imported.map(({ id }) => id);
  const groups = Array.from({ length: 20 }, (_, number) => {
    const id = `cccccccc-0000-4000-8000-${String(number).padStart(12, '0')}`;
    return { id, displayName: id, members: ids.slice(number * 10, number * 10 + 12) };
  });
  await world.call('POST', `${world.tenant.controlUrl}/import`, { users: imported, groups });
  await read();
  for (let change = 0; change < 100; change += 1) {
    if (change % 10 === 0) await subscribe(world, subscriber);
    await changeSomething(world, {
      change,
      user: String(ids[change]),
      group: String(groups[change % 20]?.id),
    });
    if (change % 4 === 3) await read();
  }
}

/** Creates the subscriptions that are not there, patiently, as an application does. */
async function subscribe(world: World, subscriber: Subscriber): Promise<void> {
  for (const resource of ['/users', '/groups']) {
    const token = world.tenant.appToken;
    await patiently(() =>
      world.call('POST', '/subscriptions', newSubscription(subscriber, resource), { token }),
    );
  }
}

async function changeSomething(
  world: World,
  { change, user, group }: { change: number; user: string; group: string },
): Promise<void> {
  const steps = [
    () => world.call('POST', `/groups/${group}/members/$ref`, world.reference(user)),
    () => world.call('DELETE', `/groups/${group}/members/${user}/$ref`),
    () => world.call('PATCH', `/users/${user}`, { displayName: `changed ${change}` }),
    async () => {
      const fresh = await world.user();
      await world.call('POST', `/groups/${group}/members/$ref`, world.reference(fresh));
      await asApp(world, `/users/${fresh}`);
    },
    () => world.call('DELETE', `/users/${user}`),
    async () => {
      await world.call('DELETE', `/users/${user}`);
      await world.call('DELETE', `/directory/deletedItems/${user}`);
    },
    () => world.call('PATCH', `/groups/${group}`, { displayName: `changed ${change}` }),
  ];
  await steps[change % steps.length]?.();
  const requests = [`/users/${user}`, `/groups/${group}`].map((path, id) => {
    return { id: String(id), method: 'GET', url: `${path}?$select=id,displayName,mailNickname` };
  });
  await world.call('POST', '/$batch', { requests }, { token: world.tenant.appToken });
}
