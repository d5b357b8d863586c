import { beforeEach, describe, expect, it } from 'vitest';
import { groupPresent, idOf, userBare, userPresent, userSuspended } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

type Names = { cn?: string[]; sAMAccountName?: string[]; userPrincipalName?: string[] };
const named = (word: string, names: Names, more: Partial<ReturnType<typeof userPresent>> = {}) =>
  userPresent(word, { ...more, names: { ...userPresent(word).names, ...names } });
const namedGroup = (word: string, sAMAccountName: string[]) =>
  groupPresent(word, { names: { ...groupPresent(word).names, sAMAccountName } });
const sam = (word: string) => world.see(idOf(word))?.values['samaccountname'];
const upn = (word: string) => world.see(idOf(word))?.values['userprincipalname'];

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

describe('a userPrincipalName', () => {
  it("[users.names.suffix] is the cloud's where the forest knows the suffix, whatever its case", async () => {
    await world.apply(named('Anna', { userPrincipalName: ['Anna.Berg@Contoso.Example'] }));
    expect(upn('Anna')).toBe('Anna.Berg@Contoso.Example');
  });

  it('[users.names.suffix] [users.names.candidates] is the first candidate with a known suffix', async () => {
    const candidates = ['anna@tenant.onmicrosoft.example', 'anna@contoso.example'];
    await world.apply(named('Anna', { userPrincipalName: candidates }));
    expect(upn('Anna')).toBe('anna@contoso.example');
  });

  it('[users.names.suffix] [users.names.transliteration] is plain and numbered at the domain where no suffix is known', async () => {
    for (const word of ['Anna', 'Another'])
      await world.apply(
        named(word, { sAMAccountName: [word], userPrincipalName: ['Søren.Ærø@elsewhere.example'] }),
      );
    expect([upn('Anna'), upn('Another')]).toEqual(['Soren.Aero@wb.example', 'Soren.Aero2@wb.example']);
    const again = named('Another', {
      sAMAccountName: ['x'],
      userPrincipalName: ['Søren.Ærø@elsewhere.example'],
    });
    expect(await world.apply(again)).toMatchObject({ outcome: 'unchanged' });
  });

  it('[users.names.suffix] is at the suffix that the relay is configured with', async () => {
    world = await relayWorld({ upnSuffix: 'people.example' });
    await world.apply(named('Anna', { userPrincipalName: ['anna@elsewhere.example'] }));
    expect(upn('Anna')).toBe('anna@people.example');
  });

  it('[users.names.uniqueness] is compared without case and diacritics', async () => {
    world.putOnPremises('stranger', { upn: 'MÜLLER@contoso.example' });
    expect(await world.apply(named('Anna', { userPrincipalName: ['muller@contoso.example'] }))).toMatchObject(
      {
        code: 'upn-taken',
      },
    );
  });

  it('[users.names.collision] [parking.code] held by a stranger is refused, and everything else is written', async () => {
    world.putOnPremises('stranger', { upn: 'anna@contoso.example' });
    const created = await world.apply(userPresent('Anna'));
    expect(created).toMatchObject({
      outcome: 'rejected',
      code: 'upn-taken',
      holders: [],
      account: 'enabled',
    });
    expect(created.objectGuid).toBe(world.entryOf(idOf('Anna'))?.guid);
    expect(world.see(idOf('Anna'))).toMatchObject({ enabled: true, values: { displayname: 'Anna' } });
    expect(upn('Anna')).toBeUndefined();
  });

  it('[users.names.swap] is swapped by two users, whoever comes first', async () => {
    await world.apply(userPresent('Anna'));
    await world.apply(userPresent('Ben'));
    const anna = named('Anna', { userPrincipalName: ['ben@contoso.example'] });
    const ben = named('Ben', { userPrincipalName: ['anna@contoso.example'] });
    expect(await world.apply(anna)).toMatchObject({
      outcome: 'rejected',
      code: 'name-awaited',
      notices: ['name-let-go'],
      changed: ['userPrincipalName'],
      holders: [{ kind: 'user', id: idOf('Ben') }],
    });
    expect(await world.apply(ben)).toMatchObject({ outcome: 'updated', notices: [] });
    expect(await world.apply(anna)).toMatchObject({ outcome: 'updated', holders: [] });
    expect([upn('Anna'), upn('Ben')]).toEqual(['ben@contoso.example', 'anna@contoso.example']);
  });

  it('[users.names.swap] goes round in a ring of three at the same moment', async () => {
    const words = ['Anna', 'Ben', 'Cleo'];
    for (const word of words) await world.apply(userPresent(word));
    const wanted = ['ben', 'cleo', 'anna'].map((name) => `${name}@contoso.example`);
    const turn = () =>
      Promise.all(
        words.map((word, at) => world.apply(named(word, { userPrincipalName: [wanted[at] ?? ''] }))),
      );
    for (let turns = 0; turns < 4; turns++) await turn();
    expect(words.map(upn)).toEqual(wanted);
  });

  it('[users.names.swap] that a leaver has is taken by whom the cloud gave it to', async () => {
    await world.apply(userPresent('Anna'));
    await world.apply(userSuspended('Anna'));
    const successor = named('Another Anna', { userPrincipalName: ['anna@contoso.example'] });
    expect(await world.apply(successor)).toMatchObject({
      code: 'name-awaited',
      holders: [{ kind: 'user', id: idOf('Anna') }],
    });
    expect(upn('Another Anna')).toBeUndefined();
    expect(world.see(idOf('Another Anna'))?.enabled).toBe(true);
    expect(await world.apply(userSuspended('Anna', { names: 'let-go' }))).toMatchObject({
      notices: ['name-let-go'],
      changed: ['userPrincipalName'],
    });
    expect(await world.apply(successor)).toMatchObject({ outcome: 'updated' });
    expect(upn('Another Anna')).toBe('anna@contoso.example');
  });

  it('[users.names.swap] is asked of a holder that another relay created', async () => {
    await world.apply(userPresent('Anna'));
    world.workplace.index.forget(world.entryOf(idOf('Anna'))?.guid ?? ('' as never));
    const second = named('Second', { userPrincipalName: ['anna@contoso.example'] });
    expect(await world.apply(second)).toMatchObject({
      code: 'name-awaited',
      holders: [{ kind: 'user', id: idOf('Anna') }],
    });
  });

  it('[users.names.collision] is not waited for where the candidates number it', async () => {
    const candidates = ['li@contoso.example', 'li2@contoso.example'];
    await world.apply(named('Li A', { userPrincipalName: candidates }));
    await world.apply(named('Li B', { userPrincipalName: candidates }));
    expect(upn('Li B')).toBe('li2@contoso.example');
  });

  it('[users.names.swap] is not waited for where somebody holds it by implication for good', async () => {
    await world.apply(named('Anna', { sAMAccountName: ['boss'] }));
    expect(await world.apply(named('Ben', { userPrincipalName: ['boss@wb.example'] }))).toMatchObject({
      code: 'upn-taken',
      holders: [],
    });
  });

  it('[users.names.stay] is kept while it is a candidate', async () => {
    world.putOnPremises('stranger', { upn: 'li@contoso.example' });
    const candidates = ['li@contoso.example', 'li2@contoso.example'];
    await world.apply(named('Li', { userPrincipalName: candidates }));
    for (const [guid, entry] of world.domain.entries)
      if (entry.name === 'stranger') world.domain.entries.delete(guid);
    expect(await world.apply(named('Li', { userPrincipalName: candidates }))).toMatchObject({
      outcome: 'unchanged',
    });
  });

  it('[users.names.stay] of somebody who is gone is free again', async () => {
    await world.apply(userPresent('Anna'));
    await world.apply(userBare('Anna', 'absent'));
    await world.apply(named('New Anna', { userPrincipalName: ['anna@contoso.example'] }));
    expect(upn('New Anna')).toBe('anna@contoso.example');
  });
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
