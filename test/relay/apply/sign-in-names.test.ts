import { beforeEach, describe, expect, it } from 'vitest';
import { idOf, userBare, userPresent, userSuspended } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { named } from './named.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const upn = (word: string) => world.see(idOf(word))?.values['userprincipalname'];

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

  it('[users.names.swap] that would never be free is not waited for: who has it by implication keeps it, and the other its own', async () => {
    const [ann, ben] = ['ann', 'ben'].map((name) => ({
      sAMAccountName: [name],
      userPrincipalName: [`${name}@wb.example`],
    }));
    for (const [word, names] of [
      ['Ann', ann],
      ['Ben', ben],
    ] as const)
      await world.apply(named(word, names ?? {}));
    const swapped = [named('Ann', { ...ben }), named('Ben', { ...ann })];
    for (const command of swapped)
      expect(await world.apply(command)).toMatchObject({ code: 'upn-taken', holders: [], notices: [] });
    expect([upn('Ann'), upn('Ben')]).toEqual(['ann@wb.example', 'ben@wb.example']);
  });

  it('[users.names.swap] that is no candidate any more is kept in a conflict, until somebody waits for it', async () => {
    const wish = (name: string, more = {}) => ({ ...named('Anna', { userPrincipalName: [name] }), ...more });
    await world.apply(wish('anna@contoso.example'));
    world.putOnPremises('stranger', { upn: 'boss@contoso.example' });
    expect(await world.apply(wish('boss@contoso.example'))).toMatchObject({ code: 'upn-taken', notices: [] });
    expect(upn('Anna')).toBe('anna@contoso.example');
    const wanted = await world.apply(wish('boss@contoso.example', { nameWanted: true }));
    expect(wanted).toMatchObject({ code: 'upn-taken', notices: ['name-let-go'] });
    expect(await world.apply(named('Ben', { userPrincipalName: ['anna@contoso.example'] }))).toMatchObject({
      outcome: 'created',
    });
    // A candidate is not let go, whoever waits for it.
    await world.apply({ ...named('Ben', { userPrincipalName: ['anna@contoso.example'] }), nameWanted: true });
    expect([upn('Anna'), upn('Ben')]).toEqual([undefined, 'anna@contoso.example']);
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
