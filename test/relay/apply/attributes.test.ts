import { beforeEach, describe, expect, it } from 'vitest';
import { groupPresent, idOf, userBare, userPresent, userSuspended } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const anna = idOf('Anna');
const valuesOf = (attribute: string) =>
  world.entryOf(anna)?.values.get(attribute.toLowerCase())?.map(String) ?? [];
const put = (attributes: Record<string, string | string[] | null>, word = 'Anna') =>
  world.apply(userPresent(word, { attributes }));

describe('attributes', () => {
  it('[users.attributes.all] [users.attributes.address] [users.attributes.phones] are all those of the contract', async () => {
    const attributes: Record<string, string | string[]> = {
      displayName: 'Anna Berg',
      givenName: 'Anna',
      sn: 'Berg',
      title: 'Engineer',
      department: 'Research',
      company: 'Contoso',
      division: 'North',
      employeeID: '4711',
      employeeType: 'Employee',
      physicalDeliveryOfficeName: '12/3',
      streetAddress: 'Main Street 1\r\nBack yard',
      l: 'Søndre Strømfjord',
      st: 'Qeqqata',
      postalCode: '3910',
      co: 'Greenland',
      c: 'GL',
      countryCode: '304',
      preferredLanguage: 'kl-GL',
      telephoneNumber: '+299 1',
      otherTelephone: ['+299 2', '+299 3'],
      mobile: '+299 4',
      facsimileTelephoneNumber: '+299 5',
      mail: 'anna@contoso.example',
      otherMailbox: ['a@x.example', 'b@x.example'],
      extensionAttribute1: 'one',
      extensionAttribute15: 'fifteen',
    };
    const result = await world.apply(userPresent('Anna', { attributes }));
    expect(result).toMatchObject({ outcome: 'created', notices: [] });
    for (const [name, value] of Object.entries(attributes)) expect(valuesOf(name)).toEqual([value].flat());
    expect(await put(attributes)).toMatchObject({ outcome: 'unchanged' });
  });

  it('[users.attributes.empty] that are empty are cleared, and those that are not named stay', async () => {
    await put({ title: 'Boss', department: 'Sales', otherTelephone: ['1', '2'] });
    await put({ title: null, otherTelephone: null });
    expect(['title', 'department', 'otherTelephone'].map(valuesOf)).toEqual([[], ['Sales'], []]);
  });

  it('[users.attributes.phones] with several values are sets without case, in no order', async () => {
    await put({ otherMailbox: ['A@x.example', 'b@x.example', 'a@X.example'] });
    expect(valuesOf('otherMailbox')).toEqual(['A@x.example', 'b@x.example']);
    expect(await put({ otherMailbox: ['B@x.example', 'a@x.example'] })).toMatchObject({ changed: [] });
    expect(await put({ otherMailbox: ['b@x.example', 'c@x.example'] })).toMatchObject({
      changed: ['otherMailbox'],
    });
    expect(valuesOf('otherMailbox')).toEqual(['b@x.example', 'c@x.example']);
  });

  it('[users.attributes.all] with one value follow the cloud in their case, too', async () => {
    await put({ displayName: 'anna' });
    expect(await put({ displayName: 'Anna' })).toMatchObject({ changed: ['displayName'] });
  });

  it('[users.attributes.when] that are written only at creation are never written again', async () => {
    const initial = { info: 'Welcome', otherMobile: ['1', '2'] };
    await world.apply(userPresent('Anna', { initial }));
    expect([valuesOf('info'), valuesOf('otherMobile')]).toEqual([['Welcome'], ['1', '2']]);
    world.entryOf(anna)?.values.delete('info');
    expect(await world.apply(userPresent('Anna', { initial: { info: 'Other' } }))).toMatchObject({
      outcome: 'unchanged',
    });
    await world.apply(userSuspended('Anna'));
    await world.apply(userPresent('Anna', { initial }));
    expect(valuesOf('info')).toEqual([]);
  });

  it('[users.attributes.extension] that this schema lacks are left out, and the result says so once there is a value', async () => {
    world = await relayWorld({ hasExchange: false });
    const result = await put({ displayName: 'Anna', extensionAttribute3: 'x' });
    expect(result).toMatchObject({ outcome: 'created', notices: ['schema-lacks-attribute'] });
    expect(await put({ displayName: 'Anna', extensionAttribute3: null })).toMatchObject({
      outcome: 'unchanged',
      notices: [],
    });
    const group = groupPresent('Team', { attributes: { extensionAttribute1: 'x' } });
    expect(await world.apply(group)).toMatchObject({
      outcome: 'created',
      notices: ['schema-lacks-attribute'],
    });
  });

  it('[parking.code] that no schema has are refused by name, and nothing is created', async () => {
    world = await relayWorld({ extraAttributes: ['contosoBadge'] });
    const result = await put({ displayName: 'Anna', contosoBadge: 'secret-value' });
    expect(result).toMatchObject({ outcome: 'rejected', code: 'schema-missing' });
    expect(result.reason).toContain('contosoBadge');
    expect(result.reason).not.toMatch(/displayName|secret-value/);
    expect(world.seeAll()).toEqual([]);
  });

  it.each([
    ['givenName', 64],
    ['sn', 64],
    ['initials', 6],
    ['title', 128],
    ['department', 64],
    ['company', 64],
    ['physicalDeliveryOfficeName', 128],
    ['streetAddress', 1_024],
    ['l', 128],
    ['postalCode', 40],
    ['employeeID', 16],
    ['telephoneNumber', 64],
    ['mobile', 64],
    ['mail', 256],
    ['displayName', 256],
  ])('[users.attributes.limits] [windows.9] %s has at most %i characters', async (attribute, longest) => {
    expect(await put({ [attribute]: 'x'.repeat(longest) })).toMatchObject({ outcome: 'created' });
    const result = await put({ [attribute]: 'y'.repeat(longest + 1) });
    expect(result).toMatchObject({ outcome: 'rejected', code: 'value-not-allowed' });
    expect(result.reason).toContain(attribute);
    expect(result.reason).not.toContain('yyy');
    expect(valuesOf(attribute)).toEqual(['x'.repeat(longest)]);
  });

  it.each([
    ['title', ['a', 'b']],
    ['description', ['a', 'b']],
    ['countryCode', 'Germany'],
    ['countryCode', '070'],
    ['c', 'Germany'],
    ['title', '   '],
    ['otherTelephone', ['1', 'x'.repeat(65)]],
  ])(
    '[users.attributes.limits] [windows.18] a %s that Windows would not keep is not written (%j)',
    async (attribute, value) => {
      expect(await put({ [attribute]: value })).toMatchObject({ code: 'value-not-allowed' });
      expect(world.seeAll()).toEqual([]);
    },
  );

  it('[parking.others-flow] of one object that cannot be written stand in the way of no other', async () => {
    expect((await put({ title: 'x'.repeat(200) })).outcome).toBe('rejected');
    expect((await put({ title: 'x' }, 'Bert')).outcome).toBe('created');
  });
});

describe('what is not ours', () => {
  it("[users.not-ours] an administrator's Enable-RemoteMailbox survives every later write", async () => {
    await world.apply(
      userPresent('Anna', { attributes: { displayName: 'Anna', mail: 'anna@contoso.example' } }),
    );
    const remoteMailbox: [string, string[]][] = [
      ['proxyaddresses', ['SMTP:anna@contoso.example', 'smtp:anna@contoso.mail.onmicrosoft.example']],
      ['targetaddress', ['SMTP:anna@contoso.mail.onmicrosoft.example']],
      ['mailnickname', ['anna']],
      ['msexchremoterecipienttype', ['1']],
      ['msexchrecipientdisplaytype', ['-2147483642']],
      ['msexchrecipienttypedetails', ['2147483648']],
      ['legacyexchangedn', ['/o=Contoso/cn=anna']],
      ['homephone', ['+1']],
    ];
    for (const [name, values] of remoteMailbox) world.entryOf(anna)?.values.set(name, values);
    const survives = () =>
      expect(remoteMailbox.map(([name]) => [name, world.entryOf(anna)?.values.get(name)])).toEqual(
        remoteMailbox,
      );
    await put({ displayName: 'Anna Berg', title: 'Boss', department: null });
    survives();
    await world.apply(userPresent('Anna', { names: { ...userPresent('Anna').names, cn: ['Anna Berg'] } }));
    survives();
    await world.apply(userSuspended('Anna', { place: 'leavers', names: 'let-go' }));
    survives();
    await world.apply(userPresent('Anna', { manager: null, photo: null }));
    survives();
    await world.apply(userBare('Anna', 'absent'));
    const [deleted] = world.domain.deleted.values();
    const { objectGuid, objectSid } = {
      objectGuid: deleted?.entry.guid ?? '',
      objectSid: deleted?.entry.sid ?? '',
    };
    await world.apply(userPresent('Anna', { former: { objectGuid, objectSid } }));
    survives();
    await world.apply(userBare('Anna', 'released'));
    const [released] = [...world.domain.entries.values()].filter(
      ({ name }) => name === userPresent('Anna').names.cn[0],
    );
    expect(remoteMailbox.map(([name]) => [name, released?.values.get(name)])).toEqual(remoteMailbox);
  });

  it.each([
    'proxyAddresses',
    'targetAddress',
    'showInAddressBook',
    'msExchRemoteRecipientType',
    'servicePrincipalName',
    'msDS-KeyCredentialLink',
    'msDS-AllowedToDelegateTo',
    'sIDHistory',
    'nTSecurityDescriptor',
    'scriptPath',
    'thumbnailPhoto',
    'manager',
    'memberOf',
  ])(
    '[users.not-ours] %s is not written because a command names it, at creation neither',
    async (attribute) => {
      for (const command of [
        userPresent('Anna', { attributes: { [attribute]: 'x' } }),
        userPresent('Anna', { initial: { [attribute]: 'x' } }),
        groupPresent('Team', { attributes: { [attribute]: 'x' } }),
      ])
        expect(await world.apply(command)).toMatchObject({
          outcome: 'rejected',
          code: 'attribute-not-allowed',
        });
      expect(world.seeAll()).toEqual([]);
    },
  );

  it('[users.not-ours] is written where the mapping and the own list of the relay both name it', async () => {
    const badge = userPresent('Anna', { attributes: { adminDisplayName: 'A 12' } });
    expect(await world.apply(badge)).toMatchObject({ outcome: 'rejected', code: 'attribute-not-allowed' });
    world = await relayWorld({ extraAttributes: ['adminDisplayName'] });
    expect(await world.apply(badge)).toMatchObject({ outcome: 'created' });
    expect(valuesOf('adminDisplayName')).toEqual(['A 12']);
    expect(await world.apply(badge)).toMatchObject({ outcome: 'unchanged' });
  });
});
