import { describe, expect, it } from 'vitest';
import type { CloudUser } from '../../../../shared/domain/cloud-object.ts';
import type { LeaveCause, Settings } from '../../../../shared/domain/settings.ts';
import { epochMs } from '../../../../shared/domain/time.ts';
import type { Decision } from '../../../../shared/reading/deciding/decision.ts';
import { hasEntry } from '../../../../shared/reading/deciding/row-state.ts';
import { cloudGroup } from '../../../fakes/cloud-objects.ts';
import { defaultUsers, settingsWith } from '../../flow/settings-with.ts';
import {
  decideGroup,
  decideUser,
  deleted,
  live,
  type More,
  missing,
  now,
  rowAfter,
  rowOf,
  staff,
} from '../decide-question.ts';

const dayMs = 86_400_000;

const leaving = (cause: LeaveCause, policy: (typeof defaultUsers.leaving)['softDelete']): Settings =>
  settingsWith({ users: { leaving: { ...defaultUsers.leaving, [cause]: policy } } });

describe('leaving', () => {
  const written = { ...rowAfter(decideUser()), account: 'enabled' as const };

  it('[users.leaving.soft-delete] by default the account is disabled and stays where it is', () => {
    const decision = decideUser({ looked: deleted, row: written });
    expect(decision.body).toEqual({
      state: 'suspended',
      account: 'disable',
      place: 'stay',
      mayEnable: false,
    });
    expect(decision.patch).toMatchObject({
      ...{ state: 'suspended', leftAt: now, leftFor: 'softDelete', enabled: false },
    });
  });

  it('[users.leaving.leavers-ou] it moves where the policy says so', () => {
    const writeback = leaving('softDelete', 'leavers');
    expect(decideUser({ looked: deleted, row: written, writeback }).body).toEqual({
      ...{ state: 'suspended', account: 'disable', place: 'leavers', mayEnable: false },
    });
  });

  it('[users.leaving.keep] it stays as it is, and whether it was enabled is not forgotten', () => {
    const decision = decideUser({ looked: deleted, row: written, writeback: leaving('softDelete', 'keep') });
    expect(decision.body).toEqual({ state: 'suspended', account: 'keep', place: 'stay' });
    expect(decision.patch).not.toHaveProperty('enabled');
  });

  it('[users.leaving.out-of-scope] a policy of its own', () => {
    const writeback = leaving('outOfScope', 'delete');
    const decision = decideUser({ looked: live({ userType: 'Guest' }), row: written, writeback });
    expect(decision.body).toEqual({ state: 'absent' });
    expect(decision.patch).toMatchObject({ leftFor: 'outOfScope', leftAt: now });
    expect(decideUser({ looked: deleted, row: written, writeback }).body).toMatchObject({
      state: 'suspended',
    });
  });

  it('[users.leaving.out-of-scope] [users.leaving.keep] [users.leaving.leavers-ou] each cause has its own: kept, though the deleted are disabled and the purged move', () => {
    const policies = { softDelete: 'disable', hardDelete: 'leavers', outOfScope: 'keep' } as const;
    const writeback = settingsWith({ users: { leaving: policies } });
    const shown = { type: 'removed', reason: 'deleted' } as const;
    const outside = decideUser({ looked: live({ userType: 'Guest' }), row: written, writeback });
    expect(outside.body).toEqual({ state: 'suspended', account: 'keep', place: 'stay' });
    expect(outside.patch).toMatchObject({ leftFor: 'outOfScope', leftAt: now });
    expect(outside.patch).not.toHaveProperty('enabled');
    const purged = decideUser({ looked: missing, shown, row: written, writeback });
    expect(purged.body).toMatchObject({ state: 'suspended', account: 'disable', place: 'leavers' });
    expect(purged.patch).toMatchObject({ leftFor: 'hardDelete', leftAt: now, enabled: false });
    const inBin = decideUser({ looked: deleted, row: written, writeback });
    expect(inBin.body).toMatchObject({ state: 'suspended', account: 'disable', place: 'stay' });
  });

  it('[users.leaving.hard-delete] one missing read decides nothing; a second one does, or the word of delta', () => {
    const first = decideUser({ looked: missing, row: written });
    expect(first).toEqual({ patch: {}, again: { afterMs: 60_000, attempt: 1, missedAt: now } });
    // What it was to send, and the list that goes with it, is still owed.
    const owed = { forced: true, list: { type: 'first' } } as const;
    const owing = decideUser({ looked: missing, row: written, ask: owed });
    expect(owing.again).toEqual({ ...first.again, ...owed });
    const second = decideUser({
      ...{ looked: missing, row: written, ask: { missedAt: now - 60_000, attempt: 1 } },
    });
    expect(second.body).toEqual({ state: 'absent' });
    const told = decideUser({ looked: missing, row: written, shown: { type: 'removed', reason: 'deleted' } });
    expect(told).toMatchObject({ body: { state: 'absent' }, patch: { leftFor: 'hardDelete', leftAt: now } });
    const kept = decideUser({
      ...{ looked: missing, row: written, shown: { type: 'removed', reason: 'deleted' } },
      writeback: leaving('hardDelete', 'keep'),
    });
    expect(kept.body).toMatchObject({ state: 'suspended', account: 'keep' });
  });

  describe('[users.leaving.delete-after] N days', () => {
    const writeback = leaving('softDelete', { deleteAfterDays: 30, until: 'leavers' });
    const first = decideUser({ looked: deleted, row: written, writeback });
    const left = rowAfter(first, written);
    const at = (days: number, more: More<CloudUser> = {}): Decision =>
      decideUser({ looked: deleted, row: left, writeback, now: epochMs(now + days * dayMs), ...more });

    it('as `until` says first, with a ring for the day', () => {
      expect(first.body).toEqual({
        state: 'suspended',
        account: 'disable',
        place: 'leavers',
        mayEnable: false,
      });
      expect(first.leaveAt).toBe(now + 30 * dayMs);
    });

    it('looks in between change nothing and ring nothing', () => {
      expect(at(12)).toEqual({ patch: {} });
    });

    it('deleted when the days are over, counted from the day it left', () => {
      expect(at(30).body).toEqual({ state: 'absent' });
      expect(at(30).patch).not.toHaveProperty('leftAt');
    });

    it('a lost ring is made good at the end of a full round', () => {
      expect(at(12, { round: 'closing' }).leaveAt).toBe(now + 30 * dayMs);
    });

    it('and by its page, which shows who is out of scope', () => {
      const guest = { looked: live({ userType: 'Guest' }), row: rowAfter(decideUser()) };
      const row = rowAfter(decideUser(guest), guest.row);
      const later = leaving('outOfScope', { deleteAfterDays: 30, until: 'disable' });
      const on = (days: number, more: More<CloudUser> = {}): Decision =>
        decideUser({ ...guest, row, writeback: later, now: epochMs(now + days * dayMs), ...more });
      expect(on(2)).toEqual({ patch: {} });
      expect(on(2, { round: 'page' })).toEqual({ patch: {}, leaveAt: now + 30 * dayMs });
    });

    it('[config.throws] a filter that throws does not stop the clock; who is in scope again stops it, mapped or not', () => {
      const throwing = (): never => {
        throw new TypeError('no');
      };
      const { outOfScope, filter } = {
        outOfScope: decideUser({ looked: live({ userType: 'Guest' }), row: rowAfter(decideUser()) }),
        filter: settingsWith({ users: { scope: { ...defaultUsers.scope, filter: throwing } } }),
      };
      const row = rowAfter(outOfScope, rowAfter(decideUser()));
      const refused = decideUser({ looked: live(), row, writeback: filter });
      expect(refused.body).toMatchObject({ state: 'refused', code: 'mapping-failed' });
      expect(rowAfter(refused, row)).toMatchObject({ leftAt: now, leftFor: 'outOfScope' });
      const info = { from: throwing, when: 'always', empty: 'clear' } as const;
      const mapping = settingsWith({ users: { attributes: { info } } });
      for (const decision of [
        decideUser({ looked: live(), row, writeback: mapping }),
        decideUser({ looked: live({ userPrincipalName: '' }), row }),
      ]) {
        expect(decision.body).toMatchObject({ state: 'refused' });
        // Why it had left is known until it is written again: may-enable.ts asks.
        expect(rowAfter(decision, row)).toMatchObject({ leftAt: null, leftFor: 'outOfScope' });
      }
    });

    it('another cause begins anew', () => {
      const purged = { looked: missing, shown: { type: 'removed', reason: 'deleted' } } as const;
      const later = leaving('hardDelete', { deleteAfterDays: 5, until: 'disable' });
      const decision = at(12, { ...purged, writeback: later });
      expect(decision.patch).toMatchObject({ leftFor: 'hardDelete', leftAt: now + 12 * dayMs });
      expect(decision.leaveAt).toBe(now + 17 * dayMs);
    });

    it('the clock stops when it is back', () => {
      expect(at(12, { looked: live() })).toMatchObject({
        body: { state: 'present' },
        patch: { leftAt: null, leftFor: '' },
      });
    });
  });

  it('[users.leaving.hard-delete] the row of a deleted leaver that is purged goes too', () => {
    const row = {
      ...written,
      state: 'absent',
      outcome: 'deleted',
      leftFor: 'softDelete',
      objectGuid: '',
    } as const;
    expect(hasEntry(rowOf('user', row))).toBe(false);
    const decision = decideUser({ looked: missing, row, shown: { type: 'removed', reason: 'deleted' } });
    expect(decision).toMatchObject({ body: { state: 'absent' }, patch: { leftFor: 'hardDelete' } });
  });

  it('[groups.leaving] a group becomes a distribution group; it may be emptied, kept or deleted', () => {
    const looked = { found: 'deleted', object: cloudGroup(staff, { securityEnabled: false }) } as const;
    const row = rowAfter(decideGroup());
    const body = (softDelete: 'convert' | 'empty' | 'keep' | 'delete') =>
      decideGroup({
        looked,
        row,
        writeback: settingsWith({
          groups: { leaving: { softDelete, hardDelete: 'delete', outOfScope: 'convert' } },
        }),
      }).body;
    expect(body('convert')).toEqual({ state: 'suspended', kind: 'distribution', members: 'keep' });
    expect(body('empty')).toEqual({ state: 'suspended', kind: 'distribution', members: 'empty' });
    expect(body('keep')).toEqual({ state: 'suspended', kind: 'keep', members: 'keep' });
    expect(body('delete')).toEqual({ state: 'absent' });
  });

  it('a kind that is not written any more leaves its entries, by careful policies', () => {
    const writeback = settingsWith({ users: false, groups: false });
    expect(decideUser({ row: written, writeback }).body).toMatchObject({ account: 'disable' });
    expect(decideUser({ writeback })).toEqual({ patch: { state: 'outside' } });
    expect(decideGroup({ row: rowAfter(decideGroup()), writeback }).body).toMatchObject({
      ...{ state: 'suspended', kind: 'distribution' },
    });
  });
});
