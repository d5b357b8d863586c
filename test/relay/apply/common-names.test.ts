import { beforeEach, describe, expect, it } from 'vitest';
import { groupPresent, idOf } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { named } from './named.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

describe('a cn', () => {
  it('[users.names.stay] follows the display name, and objectGUID and sAMAccountName do not', async () => {
    const before = await world.apply(named('Anna', { sAMAccountName: ['anna'] }));
    const cn = `Anna Berg_${idOf('Anna').slice(-12)}`;
    const after = await world.apply(named('Anna', { cn: [cn], sAMAccountName: ['anna'] }));
    expect(after.objectGuid).toBe(before.objectGuid);
    expect(world.see(idOf('Anna'))?.cn).toBe(cn);
  });

  it('[users.names.limits] [windows.2] is never longer than 64 UTF-16 units', async () => {
    await world.apply(named('Anna', { cn: ['x'.repeat(65), 'Anna'] }));
    expect(world.see(idOf('Anna'))?.cn).toBe('Anna');
  });

  it('[users.names.collision] [windows.3] is the next candidate where a sibling differs by diacritics only', async () => {
    await world.apply(named('A', { cn: ['José', 'José 2'] }));
    await world.apply(named('B', { cn: ['Jose', 'Jose 2'] }));
    expect([world.see(idOf('A'))?.cn, world.see(idOf('B'))?.cn]).toEqual(['José', 'Jose 2']);
  });
});

describe('the cn of a group that is named by its display name', () => {
  it('[groups.naming.display-name] is the next candidate where a user or another group has it', async () => {
    const cn = ['Sales', 'Sales2', 'Sales3'];
    await world.apply(named('Sales', { cn: ['Sales'] }));
    for (const word of ['Team', 'Other'])
      await world.apply(groupPresent(word, { names: { ...groupPresent(word).names, cn } }));
    expect([world.see(idOf('Team'))?.cn, world.see(idOf('Other'))?.cn]).toEqual(['Sales2', 'Sales3']);
    expect(
      await world.apply(groupPresent('Other', { names: { ...groupPresent('Other').names, cn } })),
    ).toMatchObject({
      outcome: 'unchanged',
    });
  });
});
