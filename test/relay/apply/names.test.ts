import { beforeEach, describe, expect, it } from 'vitest';
import { userPresent } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { anna } from './anna.ts';
import { named } from './named.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

describe('names', () => {
  it('are the first candidates that nobody else in the domain holds', async () => {
    world.putOnPremises('taken', { sam: 'first', upn: 'first@contoso.example' });
    const names = {
      cn: ['Anna'],
      sAMAccountName: ['first', 'second'],
      userPrincipalName: ['FIRST@contoso.example', 'second@contoso.example'],
    };
    await world.apply(userPresent('Anna', { names }));
    expect(world.see(anna)?.values).toMatchObject({
      samaccountname: 'second',
      userprincipalname: 'second@contoso.example',
    });
  });

  it('are not those that somebody holds by implication', async () => {
    world.putOnPremises('boss');
    const names = { ...userPresent('Anna').names, userPrincipalName: ['boss@wb.example'] };
    expect(await world.apply(userPresent('Anna', { names }))).toMatchObject({
      outcome: 'rejected',
      code: 'upn-taken',
    });
    expect(world.see(anna)?.enabled).toBe(true);
    expect(world.see(anna)?.values).not.toHaveProperty('userprincipalname');
  });

  it('stay while they are candidates, even where a better one becomes free', async () => {
    const taken = world.putOnPremises('taken', { sam: 'first' });
    const names = { ...userPresent('Anna').names, sAMAccountName: ['first', 'second'] };
    await world.apply(userPresent('Anna', { names }));
    world.domain.entries.delete(taken.guid);
    expect((await world.apply(userPresent('Anna', { names }))).outcome).toBe('unchanged');
    expect(world.see(anna)?.values['samaccountname']).toBe('second');
  });

  it('fall to the next cn where a stranger in the destination has the first', async () => {
    world.putForeign('Anna', {});
    const names = { ...userPresent('Anna').names, cn: ['Anna', 'Anna 2'] };
    expect((await world.apply(userPresent('Anna', { names }))).outcome).toBe('created');
    expect(world.see(anna)?.cn).toBe('Anna 2');
  });

  it('that are all taken reject the command without a trace of the value', async () => {
    world.putForeign('Anna', {});
    const names = { ...userPresent('Anna').names, cn: ['Anna'] };
    const result = await world.apply(userPresent('Anna', { names }));
    expect(result).toMatchObject({ outcome: 'rejected', code: 'name-taken' });
    expect(result.reason).not.toContain('Anna');
  });

  it('that are taken do not keep the rest from being applied', async () => {
    await world.apply(userPresent('Anna'));
    world.putOnPremises('taken', { upn: 'taken@contoso.example' });
    const names = { ...userPresent('Anna').names, userPrincipalName: ['taken@contoso.example'] };
    const result = await world.apply(userPresent('Anna', { names, enabled: false }));
    expect(result).toMatchObject({ outcome: 'rejected', code: 'upn-taken', changed: ['userAccountControl'] });
    expect(world.see(anna)).toMatchObject({
      enabled: false,
      values: { userprincipalname: 'anna@contoso.example' },
    });
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
