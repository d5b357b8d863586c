import { beforeEach, describe, expect, it } from 'vitest';
import { groupPresent, idOf } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { named } from './named.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const namedGroup = (word: string, sAMAccountName: string[]) =>
  groupPresent(word, { names: { ...groupPresent(word).names, sAMAccountName } });
const sam = (word: string) => world.see(idOf(word))?.values['samaccountname'];

describe('a sAMAccountName', () => {
  it('[users.names.collision] is the next candidate for the second Müller, and the third', async () => {
    const candidates = ['muller', 'muller2', 'muller3'];
    for (const word of ['MüllerA', 'MüllerB', 'MüllerC'])
      await world.apply(named(word, { sAMAccountName: candidates }));
    expect(['MüllerA', 'MüllerB', 'MüllerC'].map(sam)).toEqual(candidates);
  });

  it('[users.names.collision] is given to one of many who are created at the same moment', async () => {
    const words = Array.from({ length: 9 }, (_, at) => `Li${at}`);
    const candidates = ['li', 'li2', 'li3', 'li4', 'li5', 'li6', 'li7', 'li8', 'li9', 'li-abcd'];
    const results = await Promise.all(
      words.map((word) => world.apply(named(word, { sAMAccountName: candidates }))),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(words.map(() => 'created'));
    expect(new Set(words.map(sam))).toEqual(new Set(candidates.slice(0, 9)));
  });

  it('[users.names.collision] is given once, whichever of two relays is asked', async () => {
    const second = await world.another();
    const candidates = ['li', 'li2', 'li3', 'li4', 'li5', 'li6'];
    const words = candidates.map((_, at) => `Li${at}`);
    const results = await Promise.all(
      words.map((word, at) =>
        (at % 2 === 0 ? world.apply : second)(named(word, { sAMAccountName: candidates })),
      ),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(words.map(() => 'created'));
    expect(new Set(words.map(sam))).toEqual(new Set(candidates));
  });

  it.each([
    ['Müller', 'muller'],
    ['MEISSNER', 'meißner'],
    ['jose', 'JOSÉ'],
    ['ａｂｃ', 'abc'],
  ])('[users.names.uniqueness] [windows.3] %s is the same as %s to AD', async (taken, wanted) => {
    world.putOnPremises('stranger', { sam: taken });
    await world.apply(named('Anna', { sAMAccountName: [wanted, 'other'] }));
    expect(sam('Anna')).toBe('other');
  });

  it('[users.names.uniqueness] shares one name space with groups', async () => {
    await world.apply(namedGroup('Sales', ['sales', 'sales2']));
    await world.apply(named('Sally', { sAMAccountName: ['sales', 'sally'] }));
    await world.apply(namedGroup('SalesToo', ['sally', 'sales2']));
    expect([sam('Sales'), sam('Sally'), sam('SalesToo')]).toEqual(['sales', 'sally', 'sales2']);
  });

  it('[users.names.uniqueness] [windows.17] is not one that somebody has as userPrincipalName in this domain', async () => {
    world.putOnPremises('boss', { upn: 'anna@wb.example' });
    await world.apply(named('Anna', { sAMAccountName: ['anna', 'anna2'] }));
    expect(sam('Anna')).toBe('anna2');
  });

  it('[users.names.stay] stays for good, also where it is no candidate any more and after a restart', async () => {
    await world.apply(named('Anna', { sAMAccountName: ['anna'] }));
    await world.restart();
    const result = await world.apply(named('Anna', { cn: ['Anna Berg'], sAMAccountName: ['anna.berg'] }));
    expect(result).toMatchObject({ outcome: 'updated', changed: ['cn'] });
    expect(sam('Anna')).toBe('anna');
  });

  it.each(['Administrator', 'GUEST', 'krbtgt', 'Gúest', 'pc-17$', '12345'])(
    '[users.names.limits] is never %s, which Windows gives a meaning',
    async (reserved) => {
      await world.apply(named('Anna', { sAMAccountName: [reserved, 'anna'] }));
      expect(sam('Anna')).toBe('anna');
      const result = await world.apply(named('Bert', { sAMAccountName: [reserved] }));
      expect(result).toMatchObject({ code: 'value-not-allowed' });
      expect(result.reason).toContain('sAMAccountName');
      expect(result.reason).not.toContain(reserved);
    },
  );

  it.each([
    'a'.repeat(21),
    'a/b',
    'a\\b',
    'a[b',
    'a:b',
    'a;b',
    'a|b',
    'a=b',
    'a,b',
    'a+b',
    'a*b',
    'a?b',
    'a<b',
    'a"b',
    'a@b',
    'ends.',
  ])('[users.names.limits] [windows.1] is never %s, which Windows refuses', async (bad) => {
    await world.apply(named('Anna', { sAMAccountName: [bad, 'anna'] }));
    expect(sam('Anna')).toBe('anna');
  });

  it('[parking.code] where none is free the object is refused with a code', async () => {
    world.putOnPremises('anna');
    expect(await world.apply(named('Anna', { sAMAccountName: ['ANNA'] }))).toMatchObject({
      outcome: 'rejected',
      code: 'name-taken',
    });
    expect(world.seeAll()).toEqual([]);
  });
});
