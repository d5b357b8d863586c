import type { Cast } from './cast.ts';
import { comeBack, leave } from './employees.ts';
import { hire } from './joiners.ts';
import type { Stage } from './stage.ts';

/** Managers are set, changed and cleared; they leave and come back; one comes later than those who report to her. */
export async function report(stage: Stage, cast: Cast, domain: string): Promise<void> {
  const { chiefs, reporters, synced, guests } = cast;
  const [chief, another] = chiefs;
  const [master] = synced;
  const [guest] = guests;
  if (chief === undefined || another === undefined || master === undefined || guest === undefined) return;
  for (const person of reporters.slice(0, 4)) await stage.setManager(person, chief);
  for (const person of reporters.slice(2, 4)) await stage.setManager(person, another);
  for (const person of reporters.slice(4, 6)) await stage.setManager(person, undefined);
  const [toMaster, toGuest, toNewcomer] = reporters.slice(6);
  if (toMaster !== undefined) await stage.setManager(toMaster, master);
  if (toGuest !== undefined) await stage.setManager(toGuest, guest);
  const newcomer = {
    given: 'Ingrid',
    family: 'Åkesson',
    alias: 'ingrid.akesson',
    jobTitle: 'Chief of staff',
  };
  await stage.burst(async () => {
    const id = await hire(stage, newcomer, domain);
    const displayName = 'Ingrid Åkesson';
    if (toNewcomer !== undefined) await stage.setManager(toNewcomer, { id, displayName });
    await stage.setManager(chief, { id, displayName });
  });
}

/** A manager leaves, so her people report to nobody; when she is back, they report to her again. */
export async function leaveAsManager(stage: Stage, { chiefs }: Cast): Promise<void> {
  await leave(stage, chiefs);
}

export async function comeBackAsManager(stage: Stage, { chiefs }: Cast): Promise<void> {
  await comeBack(stage, chiefs.slice(0, 1));
}
