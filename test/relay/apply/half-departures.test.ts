import { beforeEach, describe, expect, it } from 'vitest';
import type { Dn } from '../../../relay/ports.ts';
import {
  groupKey,
  groupPresent,
  groupSuspended,
  idOf,
  slice,
  userBare,
  userKey,
  userPresent,
  userSuspended,
} from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

/*
 * What AD refuses of a departure waits for a person. Until then nobody keeps rights by it: an account is disabled where AD allows that,
 * and the others are named that let the entry go.
 */

const [anna, bert, team, sales] = [idOf('Anna'), idOf('Bert'), idOf('Team'), idOf('Sales')];

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
  await world.apply(userPresent('Anna'));
  await world.apply(userPresent('Bert', { manager: userKey('Anna') }));
  await world.apply(groupPresent('Team'));
  await world.apply(slice('Team', [userKey('Anna')]));
});

const referring = { memberOf: [team], reports: [bert] };

/** Devices of a mailbox, for one. */
function putBelow(id: string): void {
  const parent = world.entryOf(id);
  if (parent === undefined) throw new Error('no entry');
  world.domain.put({
    name: 'ExchangeActiveSyncDevices',
    parent: `CN=${parent.name},${parent.parent}` as Dn,
    objectClass: ['top', 'msExchActiveSyncDevices'],
  });
}

describe('a user that left', () => {
  it('[users.leaving.hard-delete] [parking.code] with objects below its entry is disabled, and let go by the others', async () => {
    putBelow(anna);
    expect(await world.apply(userBare('Anna', 'absent'))).toMatchObject({
      ...{ outcome: 'rejected', code: 'entry-has-children', account: 'disabled' },
      ...{ changed: ['userAccountControl'], ...referring },
    });
    expect(world.see(anna)?.enabled).toBe(false);
  });

  it("[users.leaving.leavers-ou] [parking.code] whose names are all taken in the leavers' OU is disabled, and let go by the others", async () => {
    const cn = world.see(anna)?.cn ?? '';
    for (const name of [cn, `${cn}_${anna.slice(-12)}`]) {
      const stranger = world.putForeign(`${name} for now`, {});
      world.domain.put({ ...stranger, name, parent: world.domain.leavers as Dn });
    }
    expect(await world.apply(userSuspended('Anna', { place: 'leavers' }))).toMatchObject({
      ...{ outcome: 'rejected', code: 'name-taken', account: 'disabled', ...referring },
    });
    expect(world.see(anna)?.enabled).toBe(false);
  });

  it('[users.leaving.soft-delete] [parking.code] and is protected stays as it is, and is let go by the others', async () => {
    world.entryOf(anna)?.values.set('admincount', ['1']);
    for (const command of [userSuspended('Anna'), userBare('Anna', 'absent')])
      expect(await world.apply(command)).toMatchObject({
        ...{ outcome: 'rejected', code: 'entry-protected', changed: [], ...referring },
      });
    expect(world.see(anna)?.enabled).toBe(true);
  });
});

it('[groups.leaving] [parking.code] a group that left and is protected is let go by the groups that list it', async () => {
  await world.apply(groupPresent('Sales'));
  await world.apply(slice('Team', [userKey('Anna'), groupKey('Sales')]));
  world.entryOf(sales)?.values.set('admincount', ['1']);
  expect(await world.apply(groupSuspended('Sales'))).toMatchObject({
    ...{ outcome: 'rejected', code: 'entry-protected', memberOf: [team], reports: [] },
  });
});
