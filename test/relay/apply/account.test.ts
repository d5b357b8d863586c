import { constants, generateKeyPairSync, privateDecrypt, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { newPasswords } from '../../../relay/apply/new-password.ts';
import { publicKeyFrom } from '../../../relay/apply/seal-password.ts';
import type { NewAccount } from '../../../relay/plan/plan.ts';
import type { UserPresent } from '../../../shared/contracts/command.ts';
import { idOf, userPresent, userSuspended } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const anna = idOf('Anna');
const control = () => Number(world.entryOf(anna)?.values.get('useraccountcontrol')?.[0]);
const setControl = (bits: number) => world.entryOf(anna)?.values.set('useraccountcontrol', [`${bits}`]);
/** As the reader sends it once a result of the creation was recorded. */
const known = (changes: Partial<UserPresent> = {}) =>
  userPresent('Anna', { objectGuid: world.entryOf(anna)?.guid ?? '', ...changes });

describe('an account', () => {
  it('[users.account.transitions] is enabled and disabled as the cloud says', async () => {
    expect(await world.apply(userPresent('Anna'))).toMatchObject({ outcome: 'created', account: 'enabled' });
    expect(control()).toBe(512);
    expect(await world.apply(known({ enabled: false }))).toMatchObject({ account: 'disabled' });
    expect(control()).toBe(514);
    expect(await world.apply(known())).toMatchObject({ account: 'enabled', notices: [] });
    expect(control()).toBe(512);
  });

  it('[users.account.on-premises-disable] disabled on-premises stays disabled, and the result says so', async () => {
    await world.apply(userPresent('Anna'));
    setControl(514);
    const result = await world.apply(known({ mayEnable: false, attributes: { title: 'Boss' } }));
    expect(result).toMatchObject({
      outcome: 'updated',
      changed: ['title'],
      account: 'disabled-on-premises',
      notices: ['disabled-on-premises'],
    });
    expect(control()).toBe(514);
    await world.apply(known({ enabled: false }));
    expect(await world.apply(known())).toMatchObject({ account: 'enabled' });
    expect(control()).toBe(512);
  });

  it('[users.account.on-premises-disable] is not said to be disabled where a failed command found it so', async () => {
    await world.apply(userPresent('Anna'));
    setControl(514);
    world.putOnPremises('stranger', { upn: 'new@contoso.example' });
    const names = { ...userPresent('Anna').names, userPrincipalName: ['new@contoso.example'] };
    expect(await world.apply(known({ mayEnable: false, names }))).toMatchObject({
      code: 'upn-taken',
      account: 'disabled-on-premises',
    });
  });

  it('[users.account.on-premises-disable] stays disabled where nothing is known of it any more', async () => {
    await world.apply(userPresent('Anna'));
    setControl(514);
    expect(await world.apply(userPresent('Anna', { mayEnable: false }))).toMatchObject({
      account: 'disabled-on-premises',
    });
    expect(control()).toBe(514);
  });

  it('[users.account.on-premises-disable] stays disabled where it must also change its password', async () => {
    await world.apply(userPresent('Anna'));
    setControl(514);
    world.entryOf(anna)?.values.set('pwdlastset', ['0']);
    expect(await world.apply(known({ mayEnable: false }))).toMatchObject({
      changed: [],
      account: 'disabled-on-premises',
    });
  });

  it('[users.account.bits] keeps every bit that is not ours', async () => {
    await world.apply(userPresent('Anna'));
    const theirs = 0x10000 | 0x100000 | 0x40000;
    setControl(512 | theirs);
    await world.apply(known({ enabled: false }));
    expect(control()).toBe(514 | theirs);
    await world.apply(known());
    expect(control()).toBe(512 | theirs);
    await world.apply(userSuspended('Anna'));
    expect(control()).toBe(514 | theirs);
  });

  it('[users.account.password] has a password from the beginning, and keeps it for ever', async () => {
    let made = 0;
    const random = newPasswords(randomBytes, undefined);
    world = await relayWorld({ newPassword: () => ({ ...random(), ...{ made: ++made } }) });
    await world.apply(userPresent('Anna', { enabled: false }));
    expect(world.entryOf(anna)?.passwordSet).toBe(true);
    await world.apply(known());
    await world.apply(known({ enabled: false }));
    await world.apply(userSuspended('Anna'));
    await world.apply(known());
    expect(made).toBe(1);
  });

  it('[users.account.password] that must change its password keeps the one that an administrator gave it', async () => {
    await world.apply(userPresent('Anna'));
    world.entryOf(anna)?.values.set('pwdlastset', ['0']);
    expect(await world.apply(known({ attributes: { title: 'Boss' } }))).toMatchObject({ changed: ['title'] });
  });
});

describe('a half-created account', () => {
  /** The relay dies between the add and the password. */
  async function crash(command: UserPresent): Promise<void> {
    const { directory } = world.workplace;
    const replace = directory.replace;
    directory.replace = () => Promise.reject(new Error('died'));
    await world.apply(command).catch(() => undefined);
    directory.replace = replace;
    await world.restart();
  }

  it('[users.account.half-created] [windows.5] is completed by the command that comes again', async () => {
    const command = userPresent('Anna', { mayEnable: false });
    await crash(command);
    expect(control()).toBe(546);
    expect(world.entryOf(anna)?.passwordSet).toBe(false);
    const result = await world.apply(command);
    expect(result).toMatchObject({
      outcome: 'updated',
      changed: ['unicodePwd', 'userAccountControl'],
      account: 'enabled',
    });
    expect(control()).toBe(512);
    expect(world.entryOf(anna)?.passwordSet).toBe(true);
  });

  it('[users.account.half-created] gets its password also where it stays disabled', async () => {
    const command = userPresent('Anna', { enabled: false });
    await crash(command);
    expect(await world.apply(command)).toMatchObject({
      changed: ['unicodePwd', 'userAccountControl'],
      account: 'disabled',
    });
    expect(control()).toBe(514);
    expect(world.entryOf(anna)?.passwordSet).toBe(true);
  });

  it('[users.account.half-created] is never enabled where the password policy refuses the password', async () => {
    world = await relayWorld({ newPassword: () => ({ bytes: Buffer.from('"weak"', 'utf16le') }) });
    expect(await world.apply(userPresent('Anna'))).toMatchObject({
      outcome: 'rejected',
      code: 'password-refused',
      account: 'disabled',
    });
    expect(control()).toBe(546);
  });

  it.each(['random-password', 'sealed-password'] as const)(
    '[users.account.half-created] is no account that a help desk disabled and gave a password to change (%s)',
    async (newAccount) => {
      world = await relayWorld({ newAccount, newPassword: newPasswords(randomBytes, undefined) });
      await world.apply(userPresent('Anna'));
      setControl(514);
      world.entryOf(anna)?.values.set('pwdlastset', ['0']);
      const lost = userPresent('Anna', { mayEnable: false });
      expect(await world.apply(lost)).toMatchObject({ changed: [], account: 'disabled-on-premises' });
      setControl(512);
      expect(await world.apply(lost)).toMatchObject({ changed: [], account: 'enabled' });
      await world.apply(known({ enabled: false }));
      expect(await world.apply(known())).toMatchObject({ changed: ['userAccountControl'] });
    },
  );
});

describe('a new account', () => {
  const withMode = async (newAccount: NewAccount) => {
    world = await relayWorld({ newAccount });
  };

  it('[users.account.must-change] has to change its password, and is left alone after that', async () => {
    await withMode('must-change');
    const result = await world.apply(userPresent('Anna'));
    expect(result.changed).toEqual(
      expect.arrayContaining(['unicodePwd', 'pwdLastSet', 'userAccountControl']),
    );
    expect(control()).toBe(512);
    expect((await world.directory.read(world.entryOf(anna)?.guid ?? ('' as never), []))?.passwordSet).toBe(
      false,
    );
    expect(await world.apply(known())).toMatchObject({ outcome: 'unchanged' });
    await world.apply(known({ enabled: false }));
    expect(await world.apply(known({ enabled: false }))).toMatchObject({ outcome: 'unchanged' });
  });

  it('[users.account.smart-card] needs a smart card, unless somebody on-premises says otherwise', async () => {
    await withMode('smart-card');
    await world.apply(userPresent('Anna'));
    expect(control()).toBe(512 | 0x40000);
    setControl(512);
    expect(await world.apply(known())).toMatchObject({ outcome: 'unchanged' });
    expect(control()).toBe(512);
  });

  it('[users.account.sealed-password] has a password that only the holder of the key can read, for one logon', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const key = publicKeyFrom(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    if (typeof key === 'string') throw new Error(key);
    const passwords = newPasswords(randomBytes, key);
    let bytes: Uint8Array | undefined;
    const newPassword = () => {
      const made = passwords();
      bytes = made.bytes;
      return made;
    };
    world = await relayWorld({ newAccount: 'sealed-password', newPassword });
    const { sealedPassword = '', ...rest } = await world.apply(userPresent('Anna'));
    const opened = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from(sealedPassword, 'base64'),
    ).toString('utf8');
    expect(Buffer.from(bytes ?? []).toString('utf16le')).toBe(`"${opened}"`);
    expect(rest.changed).toContain('pwdLastSet');
    expect((await world.apply(known())).sealedPassword).toBeUndefined();
    // Also where no result of the creation was ever recorded: somebody may be using it.
    expect((await world.apply(userPresent('Anna'))).sealedPassword).toBeUndefined();
  });
});
