import { beforeEach, describe, expect, it } from 'vitest';
import type { UserPresent } from '../../../shared/contracts/command.ts';
import { groupPresent, idOf, slice, userKey, userPresent, userRefused } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

/* Whom the cloud has disabled is disabled, whatever else of him cannot be written: the object is parked, its rights are not. */

const anna = idOf('Anna');

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld({ extraAttributes: ['carLicense'] });
  await world.apply(userPresent('Anna'));
});

const names = userPresent('Anna').names;
const refusals: [string, string, Partial<UserPresent>][] = [
  ['a value that may not be written', 'value-not-allowed', { attributes: { c: 'Germany' } }],
  [
    'an attribute that may not be written',
    'attribute-not-allowed',
    { attributes: { servicePrincipalName: 'x' } },
  ],
  ['an attribute that AD does not know', 'schema-missing', { attributes: { carLicense: 'x' } }],
  ['a cn that may not be written', 'value-not-allowed', { names: { ...names, cn: ['x'.repeat(65)] } }],
  [
    'a name that a stranger holds',
    'upn-taken',
    { names: { ...names, userPrincipalName: ['new@contoso.example'] } },
  ],
];

describe('[users.account.transitions] [parking.others-flow] a user that the cloud has disabled', () => {
  it.each(refusals)('is disabled in spite of %s', async (_what, code, changes) => {
    world.putOnPremises('stranger', { upn: 'new@contoso.example' });
    const objectGuid = world.entryOf(anna)?.guid ?? '';
    expect(await world.apply(userPresent('Anna', { objectGuid, ...changes }))).toMatchObject({ code });
    expect(world.see(anna)?.enabled).toBe(true);
    const result = await world.apply(userPresent('Anna', { objectGuid, enabled: false, ...changes }));
    expect(result).toMatchObject({ outcome: 'rejected', code, account: 'disabled', objectGuid });
    expect(result.changed).toContain('userAccountControl');
    expect(world.see(anna)?.enabled).toBe(false);
  });

  it('is disabled where it could not be mapped; nothing else happens to it, and the refusal is that of the mapping', async () => {
    await world.apply(groupPresent('Team'));
    await world.apply(slice('Team', [userKey('Anna')]));
    const before = world.see(anna);
    const result = await world.apply(userRefused('Anna'));
    expect(result).toMatchObject({
      ...{
        state: 'present',
        outcome: 'rejected',
        code: 'mapping-failed',
        reason: 'title failed (TypeError)',
      },
      ...{ account: 'disabled', changed: ['userAccountControl'], memberOf: [] },
    });
    expect(world.see(anna)).toEqual({ ...before, enabled: false, values: expect.anything() });
    expect(world.see(idOf('Team'))?.members).toHaveLength(1);
    expect(await world.apply(userRefused('Anna'))).toMatchObject({ account: 'disabled', changed: [] });
  });

  it('keeps its account where that is protected, and is parked for what it was parked for', async () => {
    world.entryOf(anna)?.values.set('admincount', ['1']);
    expect(await world.apply(userRefused('Anna'))).toMatchObject({ code: 'mapping-failed', changed: [] });
    expect(await world.apply(userPresent('Anna', { enabled: false }))).toMatchObject({
      code: 'entry-protected',
    });
    expect(world.see(anna)?.enabled).toBe(true);
  });

  it('is not created for it', async () => {
    expect(await world.apply(userRefused('Bert'))).toMatchObject({ outcome: 'rejected', changed: [] });
    expect(world.entryOf(idOf('Bert'))).toBeUndefined();
  });
});
