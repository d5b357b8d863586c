import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyCommand } from '../../../relay/apply/apply-command.ts';
import { newPasswords } from '../../../relay/apply/new-password.ts';
import { connectDirectory } from '../../../relay/directory/connect-directory.ts';
import { type NewAccount, newAccounts } from '../../../relay/plan/plan.ts';
import type { Guid } from '../../../relay/ports.ts';
import { WorkSite } from '../../../relay/work-site.ts';
import type { Command } from '../../../shared/contracts/command.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import { idOf, userBare, userKey, userPresent, userSuspended } from '../../relay/build-command.ts';
import { quickClock } from '../../relay/relay-world.ts';
import { type DomainAccess, openDomain } from '../directory/domain-subject.ts';

/* Commands against a real domain controller: what a fake cannot prove about passwords, account control, moves and links. */

let domain: DomainAccess;
beforeAll(async () => {
  domain = await openDomain();
});
afterAll(() => domain.stop());

async function relayWith(newAccount: NewAccount) {
  const site = new WorkSite({
    connect: () => connectDirectory(domain.settings),
    acceptedOwners: [],
    extraAttributes: [],
    newAccount,
    newPassword: newPasswords(randomBytes, undefined),
    upnSuffix: undefined,
    clock: quickClock,
  });
  await site.open();
  const apply = async (command: Command) => {
    const answerer = { relay: 'test', now: () => epochMs(3) };
    const { result, error } = await applyCommand(command, site.workplace, answerer);
    if (error?.disposition === 'defect') throw error;
    return result;
  };
  const read = (guid: string | undefined, more: string[] = []) =>
    site.workplace.directory.read((guid ?? '') as Guid, ['userPrincipalName', ...more]);
  return { site, apply, read };
}

describe.each(newAccounts)('a new account with %s', (newAccount) => {
  it('is enabled, as it should be, and left alone after that', async () => {
    const { site, apply, read } = await relayWith(newAccount);
    try {
      const word = `Mode-${newAccount}`;
      const created = await apply(userPresent(word));
      expect(created).toMatchObject({ outcome: 'created', account: 'enabled' });
      const entry = await read(created.objectGuid);
      const card = newAccount === 'smart-card' ? 0x40000 : 0;
      expect(entry?.userAccountControl).toBe(512 | card);
      // 0 in pwdLastSet: to be changed at the next logon; with a smart card the server made up the password.
      expect(entry?.passwordSet).toBe(newAccount === 'random-password');
      const again = userPresent(word, { objectGuid: created.objectGuid ?? '' });
      expect(await apply(again)).toMatchObject({ outcome: 'unchanged', changed: [] });
      await apply(userBare(word, 'absent'));
    } finally {
      await site.close();
    }
  });
});

describe('a user', () => {
  it('goes to the leavers and comes back, the same account with its manager', async () => {
    const { site, apply, read } = await relayWith('random-password');
    try {
      const boss = await apply(userPresent('Boss'));
      const created = await apply(userPresent('Worker', { manager: userKey('Boss') }));
      const left = await apply(userSuspended('Boss', { place: 'leavers', names: 'let-go' }));
      expect(left).toMatchObject({ outcome: 'suspended', account: 'disabled', notices: ['name-let-go'] });
      expect(left.reports).toEqual([idOf('Worker')]);
      expect(await read(boss.objectGuid)).toMatchObject({ place: 'leavers', attributes: {} });
      const back = await apply(userPresent('Boss'));
      expect(back).toMatchObject({ outcome: 'updated', objectSid: boss.objectSid, account: 'enabled' });
      expect(await read(boss.objectGuid)).toMatchObject({ place: 'destination' });
      expect((await read(created.objectGuid))?.manager).toBe(boss.objectGuid);
    } finally {
      await site.close();
    }
  });

  it('[users.names.collision] the second Müller gets a number, wherever it is created at the same time', async () => {
    const one = await relayWith('random-password');
    const two = await relayWith('random-password');
    try {
      const candidates = ['Müller', 'Muller2', 'Muller3', 'Muller4', 'Muller5', 'Muller6'];
      const results = await Promise.all(
        candidates.map((_, at) => {
          const word = `Muller${at}`;
          const names = { ...userPresent(word).names, sAMAccountName: ['Muller', ...candidates.slice(1)] };
          return (at % 2 === 0 ? one : two).apply(userPresent(word, { names }));
        }),
      );
      expect(results.map(({ outcome }) => outcome)).toEqual(candidates.map(() => 'created'));
      const entries = await Promise.all(
        results.map(({ objectGuid }) => one.read(objectGuid, ['sAMAccountName'])),
      );
      const issued = entries.map((entry) => entry?.attributes['sAMAccountName']);
      expect(new Set(issued)).toEqual(new Set(['Muller', ...candidates.slice(1)]));
    } finally {
      await Promise.all([one.site.close(), two.site.close()]);
    }
  });
});
