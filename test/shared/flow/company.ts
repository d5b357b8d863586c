import { idOf } from '../../fakes/cloud-objects.ts';
import type { Flow } from './flow.ts';
import { flowUnder } from './in-scope.ts';

export const [ann, bob, cid] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
export const [chosen, nested, team] = [idOf('group', 1), idOf('group', 2), idOf('group', 3)];
export const user = (id: typeof ann) => ({ id, type: 'user' as const });
export const group = (id: typeof ann) => ({ id, type: 'group' as const });

/** Ann and Bob exist, and groups that nobody is in. */
export async function company(config: Parameters<typeof flowUnder>[0]): Promise<Flow> {
  const flow = await flowUnder(config);
  for (const id of [ann, bob]) flow.tenant.putUser(id);
  for (const id of [chosen, nested, team]) flow.tenant.putGroup(id);
  flow.sweep();
  await flow.drain();
  return flow;
}
