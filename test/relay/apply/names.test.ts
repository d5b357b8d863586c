import { beforeEach, describe, expect, it } from 'vitest';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { named } from './named.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

describe('searching for holders', () => {
  it('takes one search for a new user, and none where the names are kept', async () => {
    const { directory } = world.workplace;
    let searches = 0;
    const holders = directory.holders.bind(directory);
    directory.holders = (names) => {
      searches += 1;
      return holders(names);
    };
    await world.apply(named('Anna', { sAMAccountName: ['anna', 'anna2', 'anna3'] }));
    expect(searches).toBe(1);
    await world.apply(named('Anna', { sAMAccountName: ['anna', 'anna2', 'anna3'] }, { enabled: false }));
    expect(searches).toBe(1);
    await world.apply(named('AnnaToo', { sAMAccountName: ['anna', 'anna2', 'anna3'] }));
    expect(searches).toBe(3);
  });
});
