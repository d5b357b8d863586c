import { describe, expect, it, test } from 'vitest';
import { defaultSettings } from '../../../../shared/configuration/default-settings.ts';
import type { CloudUser } from '../../../../shared/domain/cloud-object.ts';
import { keyOfWritten } from '../../../../shared/domain/member-key.ts';
import { epochMs } from '../../../../shared/domain/time.ts';
import type { Row } from '../../../../shared/ports.ts';
import type { Decision } from '../../../../shared/reading/deciding/decision.ts';
import { shownAs } from '../../../../shared/reading/deciding/second-look.ts';
import { userRules } from '../../../../shared/reading/kind-rules.ts';
import { cloudUser, idOf } from '../../../fakes/cloud-objects.ts';
import { defaultUsers, settingsWith } from '../../flow/settings-with.ts';
import { ann, boss, decideUser, deleted, live, missing, now, rowAfter } from '../decide-question.ts';

describe('returning', () => {
  it('[users.returning.same-account] whoever left may be enabled again', () => {
    const row = { state: 'suspended', enabled: false, account: 'disabled', leftFor: 'softDelete' } as const;
    expect(decideUser({ row: { ...row, leftAt: now } })).toMatchObject({
      body: { state: 'present', enabled: true, mayEnable: true },
      patch: { state: 'present', enabled: true, leftAt: null, leftFor: '' },
    });
  });
});

describe('[users.account.transitions] [config.throws] a user that cannot be mapped', () => {
  const failing = () => {
    throw new TypeError('no');
  };
  const info = { from: failing, when: 'always', empty: 'clear' } as const;
  const mapping = settingsWith({ users: { attributes: { info } } });
  const filter = settingsWith({ users: { scope: { ...defaultUsers.scope, filter: failing } } });
  const written = rowAfter(decideUser());

  it.each([
    ['a mapping that throws', mapping, {}],
    ['a filter that throws', filter, {}],
    ['no usable name', defaultSettings, { userPrincipalName: '' }],
  ])('is disabled when the cloud disables it: %s', (_what, writeback, values) => {
    const asked = { writeback, row: written };
    const enabled = decideUser({ ...asked, looked: live(values) });
    expect(enabled.body).toMatchObject({ state: 'refused' });
    expect(enabled.body).not.toHaveProperty('disables');
    const row = rowAfter(enabled, written);
    const disabled = decideUser({ ...asked, row, looked: live({ ...values, accountEnabled: false }) });
    expect(disabled).toMatchObject({ body: { disables: true }, isNews: true, patch: { enabled: false } });
  });

  it('is disabled by nobody where it was never written', () => {
    const looked = live({ accountEnabled: false });
    expect(decideUser({ writeback: mapping, looked }).body).not.toHaveProperty('disables');
  });

  it('[users.account.on-premises-disable] stays disabled, where it was on-premises before it left the scope, also once it is mapped again', () => {
    const row = { ...written, account: 'disabled-on-premises' } as const;
    const away = rowAfter(decideUser({ row, looked: live({ userType: 'Guest' }) }), row);
    const refused = rowAfter(decideUser({ row: away, writeback: mapping }), away);
    expect(decideUser({ row: refused })).toMatchObject({
      body: { state: 'present', mayEnable: false },
      patch: { leftAt: null, leftFor: '' },
    });
  });
});

describe('[users.account.on-premises-disable] [users.account.transitions] who may enable an account', () => {
  const mayEnable = (row: Partial<Row> | undefined, writeback = defaultSettings): unknown => {
    const { body } = decideUser({ row, writeback, ask: { forced: true } });
    return body?.state === 'present' && body.type === 'user' ? body.mayEnable : body;
  };

  it.each<[string, Partial<Row> | undefined, boolean]>([
    ['nothing is known of it', undefined, false],
    ['it was never written', { state: 'outside' }, true],
    ['the cloud disabled it last', { enabled: false, account: 'disabled' }, true],
    ['the cloud disabled it, and the result is still to come', { enabled: false, account: 'enabled' }, true],
    ['the cloud enabled it, and the result is still to come', { enabled: true, account: 'disabled' }, true],
    ['we enabled it', { enabled: true, account: 'enabled' }, false],
    ['somebody disabled it on-premises', { enabled: true, account: 'disabled-on-premises' }, false],
    ['the cloud has disabled it since', { enabled: false, account: 'disabled-on-premises' }, true],
    ['it is back in scope', { enabled: false, account: 'disabled', leftFor: 'outOfScope' }, true],
    [
      'it is back in scope, and somebody had disabled it before it left',
      { enabled: false, account: 'disabled-on-premises', leftFor: 'outOfScope' },
      false,
    ],
    ['it is restored', { enabled: false, account: 'disabled-on-premises', leftFor: 'softDelete' }, true],
  ])('%s', (_name, row, expected) => {
    expect(mayEnable(row)).toBe(expected);
  });

  it('the owner may follow the cloud always', () => {
    const follow = settingsWith({ users: { onPremisesDisable: 'follow-cloud' } });
    expect(mayEnable({ enabled: true, account: 'disabled-on-premises' }, follow)).toBe(true);
    expect(mayEnable(undefined, follow)).toBe(true);
  });

  it('is not compared: an account that is disabled on-premises costs no command', () => {
    const row = rowAfter(decideUser());
    expect(decideUser({ row: { ...row, account: 'enabled' } })).toEqual({ patch: {} });
  });
});

describe('manager and photo', () => {
  const manager = keyOfWritten('user', boss);
  const written = rowAfter(decideUser({ manager }));

  it('[users.attributes.manager] is sent when it changes, and only then', () => {
    expect(decideUser({ manager, row: written })).toEqual({ patch: {} });
    expect(decideUser({ manager: null, row: written }).body).toMatchObject({ manager: null });
    const row = rowAfter(decideUser({ manager: null, row: written }), written);
    expect(decideUser({ manager: null, row })).toEqual({ patch: {} });
  });

  it('a read without it neither sends it nor forgets it', () => {
    expect(decideUser({ manager: undefined, row: written })).toEqual({ patch: {} });
  });

  it('a command without it makes the next read of it count', () => {
    const renamed = decideUser({ looked: live({ displayName: 'New' }), manager: undefined, row: written });
    expect(renamed.body).not.toHaveProperty('manager');
    const row = rowAfter(renamed, written);
    expect(decideUser({ looked: live({ displayName: 'New' }), manager, row }).body).toMatchObject({
      manager,
    });
  });

  it('is none of ours where the owner leaves it alone', () => {
    const writeback = settingsWith({ users: { manager: false } });
    expect(decideUser({ manager, writeback }).body).not.toHaveProperty('manager');
  });

  it('[users.attributes.photo] opt-in; compared by a hash; one that is too large is none', () => {
    const writeback = settingsWith({ users: { photo: true } });
    const look = (photo: string | null | undefined, row?: Partial<Row>): Decision =>
      decideUser({ looked: live(photo === undefined ? {} : { photo }), writeback, row });
    expect(decideUser({ looked: live({ photo: 'AAAA' }) }).body).not.toHaveProperty('photo');
    const row = rowAfter(look('AAAA'));
    expect(look('AAAA').body).toMatchObject({ photo: 'AAAA' });
    expect(row.photo).not.toContain('AAAA');
    expect(look('AAAA', row)).toEqual({ patch: {} });
    expect(look(undefined, row)).toEqual({ patch: {} });
    expect(look('BBBB', row).body).toMatchObject({ photo: 'BBBB' });
    expect(look(null, row).body).toMatchObject({ photo: null });
    expect(look('A'.repeat(4 * Math.ceil((102_400 + 3) / 3)), row).body).toMatchObject({ photo: null });
  });

  it('a page and a read that name different managers are looked at again', () => {
    const by = (id: typeof ann): NonNullable<CloudUser['manager']> => ({ type: 'user', id, known: false });
    const look = (shownManager: typeof ann) =>
      decideUser({
        ...{ looked: live({ manager: by(boss) }), manager, row: written },
        shown: { type: 'live', hash: hashOfShown(), manager: shownManager },
      });
    expect(look(boss).again).toBeUndefined();
    expect(look(idOf('user', 3)).again).toMatchObject({ afterMs: 60_000 });
  });
});

/** What a page that agrees says. */
function hashOfShown(): string {
  return shownAs(userRules, cloudUser(ann), defaultSettings).hash;
}

describe('[users.names.swap] a name that another object waits for', () => {
  const ask = { nameWanted: true };

  it('a leaver lets it go, whatever was sent before', () => {
    const row = rowAfter(decideUser({ looked: deleted, row: rowAfter(decideUser()) }));
    expect(decideUser({ looked: deleted, row })).toEqual({ patch: {} });
    const body = { state: 'suspended', account: 'disable', place: 'stay', names: 'let-go', mayEnable: true };
    expect(decideUser({ looked: deleted, row, ask }).body).toEqual(body);
    expect(decideUser({ looked: deleted, row, ask }).patch.hash).toBe(row.hash);
  });

  it('a live holder is sent again only where its own command failed', () => {
    const row = rowAfter(decideUser());
    expect(decideUser({ row, ask })).toEqual({ patch: {} });
    const failed = { ...row, outcome: 'rejected', code: 'name-awaited', ringAt: epochMs(now + 400) };
    expect(decideUser({ row: failed, ask }).body).toMatchObject({ state: 'present', nameWanted: true });
    expect(decideUser({ row: failed })).toEqual({ patch: {} });
  });
});

describe('an object that cannot be mapped', () => {
  const throwing = (): never => {
    throw new TypeError('Anna Example has no division');
  };
  const { sn } = defaultUsers.attributes;
  const attributes = { ...defaultUsers.attributes, ...(sn && { sn: { ...sn, from: throwing } }) };
  const writeback = settingsWith({ users: { attributes } });
  const filtering = settingsWith({ users: { scope: { ...defaultUsers.scope, filter: throwing } } });

  it('[config.throws] [parking.code] is refused with the place and the class of the error, never its words', () => {
    for (const [at, place] of [
      [writeback, 'users.attributes.sn'],
      [filtering, 'users.filter'],
    ] as const) {
      const { body, patch } = decideUser({ writeback: at });
      expect(body).toMatchObject({ state: 'refused', code: 'mapping-failed' });
      const reason = body?.state === 'refused' ? body.reason : '';
      expect(reason).toContain(place);
      expect(reason).toContain('TypeError');
      expect(reason).not.toContain('Anna');
      expect(patch.state).toBe('outside');
    }
  });

  it('[parking.code] a user without a userPrincipalName is refused too', () => {
    expect(decideUser({ looked: live({ userPrincipalName: '' }) }).body).toMatchObject({
      ...{ state: 'refused', code: 'object-unusable' },
    });
  });

  it('[config.throws] what was written stays, and is sent when it can be mapped again', () => {
    const written = rowAfter(decideUser());
    const refused = decideUser({ writeback, row: written });
    expect(refused.patch.state).toBe('present');
    const parked = { ...rowAfter(refused, written), outcome: 'rejected', ringAt: epochMs(now + 60_000) };
    expect(decideUser({ row: parked }).body).toMatchObject({ state: 'present' });
  });

  it('[parking.schedule] and waits: a replay does not refuse it once more', () => {
    const refused = decideUser({ writeback });
    const parked = { ...rowAfter(refused), outcome: 'rejected', ringAt: epochMs(now + 60_000) };
    expect(decideUser({ writeback, row: parked }).body).toBeUndefined();
    expect(
      decideUser({ writeback, row: { ...parked, ringAt: now }, ask: { parked: true } }).body,
    ).toBeDefined();
  });

  it('[config.throws] who is deleted leaves, whatever the filter says', () => {
    const written = rowAfter(decideUser());
    expect(decideUser({ looked: deleted, row: written, writeback: filtering }).body).toMatchObject({
      state: 'suspended',
    });
  });
});

describe('[parking.schedule] a parked object', () => {
  const done = rowAfter(decideUser());
  const parked = { ...done, outcome: 'rejected', code: 'value-refused', ringAt: epochMs(now + 60_000) };

  test.each<[string, Decision]>([
    ['a replay changes nothing', decideUser({ row: parked })],
    ['an older park ring changes nothing', decideUser({ row: parked, ask: { parked: true } })],
  ])('%s', (_name, decision) => {
    expect(decision.body).toBeUndefined();
  });

  test.each<[string, Decision]>([
    ['its own ring sends it', decideUser({ row: { ...parked, ringAt: now }, ask: { parked: true } })],
    ['a notification sends it', decideUser({ row: parked, ask: { fresh: true } })],
    ['a person’s ring sends it', decideUser({ row: parked, ask: { forced: true } })],
    ['a change sends it', decideUser({ row: parked, looked: live({ displayName: 'Corrected' }) })],
  ])('%s', (_name, decision) => {
    expect(decision.body).toMatchObject({ state: 'present' });
  });
});

it('[users.synced] a written user that becomes synced is released; one that was never written is only known by its SID', () => {
  const sid = 'S-1-5-21-1-2-3-1102';
  const synced = { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid };
  const looked = live(synced);
  expect(decideUser({ looked, row: rowAfter(decideUser()) })).toMatchObject({
    ...{ body: { state: 'released' }, isFollowed: true },
    patch: { state: 'released', sid },
  });
  const known: Decision = { patch: { state: 'synced', sid } };
  expect(decideUser({ looked, round: 'page' })).toEqual(known);
  // No list that follows would tell of its memberships.
  expect(decideUser({ looked })).toEqual({ ...known, isFollowed: true });
  const row: Row = { kind: 'user', id: ann, tag: 't', state: 'synced', sid };
  expect(decideUser({ looked, row })).toEqual({ patch: {} });
  const left = decideUser({ looked: { found: 'deleted', object: cloudUser(ann, synced) }, row });
  expect(left).toEqual({ patch: { leftFor: 'softDelete', leftAt: now } });
  expect(decideUser({ looked, row: { ...row, ...left.patch } })).toMatchObject({
    ...{ isFollowed: true, patch: { leftFor: '', leftAt: null } },
  });
});

it('[users.synced] a release that was refused is owed until it is done, whatever becomes of the user', () => {
  const row = { ...rowAfter(decideUser()), state: 'released', hash: 'released' } as const;
  const parked = { ...row, outcome: 'rejected', ringAt: now } as const;
  const ask = { parked: true };
  expect(decideUser({ looked: missing, row: parked, ask }).body).toEqual({ state: 'released' });
  expect(decideUser({ looked: missing, row, ask })).toEqual({ patch: {} });
  // Born in the cloud again, and deleted: the entry is ours still.
  expect(decideUser({ looked: deleted, row: parked }).body).toMatchObject({ state: 'suspended' });
  expect(decideUser({ looked: deleted, row })).toEqual({ patch: {} });
});

it('[users.scope.entering-leaving] facts decide: not in the chosen groups, or denied', () => {
  const row = rowAfter(decideUser());
  expect(decideUser({ row, facts: { inChosen: true, denied: false } })).toEqual({ patch: {} });
  for (const facts of [
    { inChosen: false, denied: false },
    { inChosen: true, denied: true },
  ]) {
    expect(decideUser({ row, facts })).toMatchObject({
      body: { state: 'suspended' },
      patch: { leftFor: 'outOfScope' },
    });
    expect(decideUser({ facts })).toEqual({ patch: { state: 'outside' } });
  }
});
