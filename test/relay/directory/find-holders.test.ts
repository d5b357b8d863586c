import { OrFilter } from 'ldapts';
import { describe, expect, it } from 'vitest';
import { findHolders } from '../../../relay/directory/find-holders.ts';
import type { WantedNames } from '../../../relay/ports.ts';
import { stubPool } from './stub-pool.ts';

/** A domain whose server finds these for whatever it is asked. */
function domainWith(found: readonly Record<string, string>[], name = 'contoso.example') {
  const { pool, filters } = stubPool(found);
  const domain = { base: 'DC=contoso,DC=example', name };
  const ask = async (...wanted: WantedNames[]) =>
    (await findHolders(pool, domain, wanted)).map((holders) => holders.map(({ names }) => names));
  return {
    ask,
    terms: () => filters.map((filter) => (filter instanceof OrFilter ? filter.filters.length : 1)),
  };
}

describe('holders of names that many asked for at once', () => {
  it('[users.names.uniqueness] are told to whoever is in their way, and to nobody else', async () => {
    const [ann, ben] = [{ sAMAccountName: 'ann' }, { sAMAccountName: 'ben' }];
    const { ask, terms } = domainWith([ann, ben]);
    expect(
      await ask(
        { sAMAccountName: 'ANN' },
        { sAMAccountName: ['cem', 'ben'] },
        { userPrincipalName: 'd@x.example' },
      ),
    ).toEqual([[ann], [ben], []]);
    expect(terms()).toHaveLength(1);
  });

  it('[users.names.uniqueness] count with diacritics as without', async () => {
    const held = { sAMAccountName: 'Müller', userPrincipalName: 'müller@x.example' };
    const { ask } = domainWith([held]);
    const asked = [{ sAMAccountName: 'muller' }, { userPrincipalName: 'MÜLLER@x.example' }];
    expect(await ask(...asked)).toEqual([[held], [held]]);
  });

  it('[users.names.uniqueness] count by implication in a domain whose own name has diacritics', async () => {
    const explicit = { sAMAccountName: 'x', userPrincipalName: 'ann@müller.local' };
    const implicit = { sAMAccountName: 'ben' };
    const { ask } = domainWith([explicit, implicit], 'müller.local');
    const asked = [{ sAMAccountName: 'Ann' }, { userPrincipalName: 'Ben@müller.local' }];
    expect(await ask(...asked)).toEqual([[explicit], [implicit]]);
  });

  it('[users.names.uniqueness] are nobody who lacks the attribute', async () => {
    const { ask } = domainWith([{}]);
    expect(await ask({ sAMAccountName: '\u0301' })).toEqual([[]]);
  });

  it('are looked for 250 terms at a time', async () => {
    const { ask, terms } = domainWith([]);
    await ask(...Array.from({ length: 200 }, (_, at) => ({ sAMAccountName: `n${at}` })));
    expect(terms()).toEqual([250, 150]);
  });
});
