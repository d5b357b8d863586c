import type { WritebackConfig } from '../../../shared/configuration/define-config.ts';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import type { Kind, ObjectId } from '../../../shared/domain/object-id.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { keyOfMember } from './small-directory.ts';

/** A flow under a configuration, after its first full rounds over an empty tenant. */
export async function flowUnder(config: WritebackConfig, random = seeded(11)): Promise<Flow> {
  const flow = createFlow(random);
  flow.configure(settingsFrom(config));
  flow.sweep();
  await flow.drain();
  return flow;
}

/** Who has an entry that has not left. */
export function written({ relay }: Flow, kind: Kind): ObjectId[] {
  const here = relay.entries().filter((entry) => entry.kind === kind && !entry.suspended);
  return here.map(({ id }) => id).sort();
}

/** Keys in `member` of a group's entry. */
export function membersOf({ relay }: Flow, id: ObjectId): string[] {
  return [...(relay.entry('group', id)?.members ?? [])].map(keyOfMember).sort();
}

/** Everything that is due now happens; time stands still. */
export async function runNow(flow: Flow): Promise<void> {
  while (await flow.step());
}

/** As Graph tells of a change: a hint at the object, and what is due at once happens. */
export async function notify(flow: Flow, kind: Kind, id: ObjectId): Promise<void> {
  flow.ring(kind === 'user' ? 'users' : 'groups', { type: 'look', ids: [id] });
  await runNow(flow);
}
