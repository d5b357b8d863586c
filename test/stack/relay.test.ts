import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GroupSuspended, UserSuspended } from '../../shared/contracts/command.ts';
import type { MemberKey } from '../../shared/domain/member-key.ts';
import { type RunningRelay, startRelay } from '../fixtures/relay.ts';
import {
  difference,
  groupBare,
  groupKey,
  groupPresent,
  idOf,
  slice,
  userBare,
  userKey,
  userPresent,
} from '../relay/build-command.ts';
import { RelayStage } from './relay-stage.ts';

let stage: RelayStage;
let relay: RunningRelay;

beforeAll(async () => {
  stage = await RelayStage.open();
});

afterEach(() => relay?.stop());

afterAll(() => stage?.close());

const suspended = (word: string): UserSuspended => ({
  ...userBare(word, 'absent'),
  ...{ state: 'suspended', account: 'disable', place: 'stay', names: 'keep', mayEnable: true },
});

const withoutRights = (word: string): GroupSuspended => ({
  ...groupBare(word, 'absent'),
  ...{ state: 'suspended', kind: 'distribution', members: 'keep' },
});

describe('a user', () => {
  it('is created, changed, disabled, suspended, restored and deleted', async () => {
    relay = startRelay(stage.settings());
    await relay.ready();
    const created = await stage.ask(userPresent('Anna'));
    expect(created).toMatchObject({ outcome: 'created', relay: 'relay-of-the-tests' });
    expect(await stage.userOf('Anna')).toMatchObject({
      userAccountControl: '512',
      displayName: 'Anna',
      userPrincipalName: 'anna@contoso.example',
    });
    const names = { ...userPresent('Anna').names, cn: [`Anna, "Ä" #_${idOf('Anna').slice(-12)}`] };
    const attributes = { displayName: 'Anna Ä', givenName: 'Anna', sn: null };
    expect(await stage.ask(userPresent('Anna', { names, attributes }))).toMatchObject({ outcome: 'updated' });
    expect(await stage.userOf('Anna')).toMatchObject({ displayName: 'Anna Ä', cn: names.cn[0] });
    expect(await stage.userOf('Anna')).not.toHaveProperty('sn');
    await stage.ask(userPresent('Anna', { names, attributes, enabled: false }));
    expect(await stage.userOf('Anna')).toMatchObject({ userAccountControl: '514' });
    await stage.ask(userPresent('Anna', { names, attributes }));
    expect(await stage.ask(suspended('Anna'))).toMatchObject({ outcome: 'suspended' });
    expect(await stage.userOf('Anna')).toMatchObject({ userAccountControl: '514', displayName: 'Anna Ä' });
    expect(await stage.ask(userPresent('Anna', { names, attributes }))).toMatchObject({
      outcome: 'updated',
      objectGuid: created.objectGuid,
      objectSid: created.objectSid,
    });
    expect(await stage.userOf('Anna')).toMatchObject({ userAccountControl: '512' });
    expect(await stage.ask(userBare('Anna', 'absent'))).toMatchObject({ outcome: 'deleted' });
    expect(await stage.userOf('Anna')).toBeUndefined();
  });
});

describe('a group', () => {
  it('has the members of its slices and differences, synced ones by SID', async () => {
    relay = startRelay(stage.settings());
    await relay.ready();
    for (const word of ['Bert', 'Cleo', 'Dora']) await stage.ask(userPresent(word));
    for (const word of ['Team', 'Other']) await stage.ask(groupPresent(word));
    const [keys, other] = [['Bert', 'Cleo'].map(userKey), groupKey('Other')];
    expect(await stage.ask(slice('Team', [...keys, other, userKey('Nobody')]))).toMatchObject({
      outcome: 'updated',
      added: 3,
      missing: [userKey('Nobody')],
    });
    expect(await stage.membersOf('Team')).toEqual(['Bert', 'Cleo', 'Other']);
    const domainSid = (await stage.ask(groupPresent('Team'))).objectSid?.replace(/-\d+$/, '');
    const administrator = `s:${domainSid}-500` as MemberKey;
    const edit = { add: [userKey('Dora'), administrator], remove: [userKey('Bert')] };
    expect(await stage.ask(difference('Team', edit))).toMatchObject({
      added: 1,
      removed: 1,
      omitted: [{ key: administrator, code: 'member-protected' }],
    });
    expect(await stage.membersOf('Team')).toEqual(['Cleo', 'Dora', 'Other']);
    expect(await stage.ask(suspended('Dora'))).toMatchObject({ memberOf: [idOf('Team')] });
    expect(await stage.ask(withoutRights('Team'))).toMatchObject({ outcome: 'suspended' });
    expect(await stage.groupOf('Team')).toMatchObject({ groupType: '8' });
    await stage.ask(groupPresent('Team'));
    expect(await stage.groupOf('Team')).toMatchObject({ groupType: '-2147483640' });
  });
});

describe('a forged mark', () => {
  it('is refused, and the entry stays as it is', async () => {
    const { dc } = stage.domain;
    const dn = `CN=Mallory,${dc.destination}`;
    await stage.admin.add(dn, {
      objectClass: 'user',
      sAMAccountName: 'mallory',
      adminDescription: `User_${idOf('Erna')}`,
      'msDS-ExternalDirectoryObjectId': `User_${idOf('Erna')}`,
    });
    relay = startRelay(stage.settings());
    await relay.ready();
    const before = await stage.userOf('Erna');
    expect(await stage.ask(userPresent('Erna'))).toMatchObject({ outcome: 'rejected', code: 'mark-foreign' });
    expect(await stage.ask(userBare('Erna', 'absent'))).toMatchObject({
      outcome: 'rejected',
      code: 'mark-foreign',
    });
    expect(await stage.userOf('Erna')).toEqual(before);
    await stage.admin.del(dn);
  });
});

describe('kill -9 in the middle', () => {
  it('and a restart converge: every object once, complete and settled', async () => {
    relay = startRelay(stage.settings());
    await relay.ready();
    const words = Array.from({ length: 60 }, (_, each) => `crowd${each}`);
    const commands = words.map((word) => userPresent(word));
    await stage.send(...commands);
    await Promise.race(commands.slice(10).map((command) => stage.resultOf(command)));
    await relay.kill();
    relay = startRelay(stage.settings());
    await Promise.all(commands.map((command) => stage.resultOf(command)));
    for (const word of words) {
      const entry = await stage.userOf(word);
      expect(entry).toMatchObject({ userAccountControl: '512', displayName: word });
      expect(entry?.['pwdLastSet']).not.toBe('0');
    }
    await expect.poll(() => stage.queueDepth()).toBe(0);
  });
});

describe('while it runs', () => {
  it('a broker that goes away and comes back costs nothing but time', async () => {
    relay = startRelay(stage.settings());
    await relay.ready();
    await stage.ask(userPresent('Fritz'));
    await stage.broker.kill();
    await relay.line(({ code }) => code === 'bus-unavailable');
    await stage.broker.restart();
    expect(await stage.ask(userPresent('Fritz', { enabled: false }))).toMatchObject({ outcome: 'updated' });
  });

  it('a domain controller that goes away and comes back costs no delivery', async () => {
    relay = startRelay(stage.settings());
    await relay.ready();
    await stage.ask(userPresent('Gerda'));
    const restarted = stage.domain.restart();
    const command = userPresent('Gerda', { attributes: { displayName: 'Gerda B' } });
    await stage.send(command);
    await restarted;
    expect(await stage.resultOf(command)).toMatchObject({ outcome: 'updated' });
  });
});
