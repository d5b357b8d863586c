import { defaultSettings } from '../../../shared/configuration/default-settings.ts';
import type { CloudGroup, CloudUser } from '../../../shared/domain/cloud-object.ts';
import { durationMs, epochMs } from '../../../shared/domain/time.ts';
import type { Looked, Row } from '../../../shared/ports.ts';
import { decide } from '../../../shared/reading/deciding/decide.ts';
import type { Decision, Question } from '../../../shared/reading/deciding/decision.ts';
import { groupRules, userRules } from '../../../shared/reading/kind-rules.ts';
import { cloudGroup, cloudUser, idOf } from '../../fakes/cloud-objects.ts';

export const now = epochMs(1_795_000_000_000);
export const [ann, boss, staff] = [idOf('user', 1), idOf('user', 2), idOf('group', 1)];
const guid = '11111111-2222-4333-8444-555555555555';
const asked = { attempt: 0, fresh: false, forced: false, parked: false, nameWanted: false };
const settings = { secondLookMs: durationMs(60_000), lookAgainMs: [durationMs(2_000)] };

export type More<T extends CloudUser | CloudGroup> = Partial<Omit<Question<T>, 'ask' | 'row'>> & {
  ask?: Partial<Question<T>['ask']>;
  row?: Partial<Row> | undefined;
};

/** What follows for a live, unchanged user of whom nothing is known, unless told otherwise. */
export function decideUser(more: More<CloudUser> = {}): Decision {
  const { ask, row, ...rest } = more;
  return decide<CloudUser>({
    ...{ rules: userRules, looked: live(), now, settings, writeback: defaultSettings, manager: null },
    ...{ ask: { ...asked, ...ask }, row: row && rowOf('user', row) },
    ...rest,
  });
}

export function decideGroup(more: More<CloudGroup> = {}): Decision {
  const { ask, row, ...rest } = more;
  return decide<CloudGroup>({
    ...{ rules: groupRules, looked: { found: 'live', object: cloudGroup(staff) } },
    ...{ now, settings, writeback: defaultSettings },
    ...{ ask: { ...asked, ...ask }, row: row && rowOf('group', row) },
    ...rest,
  });
}

export function rowOf(kind: Row['kind'], row: Partial<Row>): Row {
  return { kind, id: kind === 'user' ? ann : staff, state: 'present', tag: 't', ...row };
}

export const live = (values: Partial<CloudUser> = {}): Looked<CloudUser> => ({
  found: 'live',
  object: cloudUser(ann, values),
});
export const deleted: Looked<CloudUser> = { found: 'deleted', object: cloudUser(ann) };
export const missing = { found: 'missing' } as const;

/** The row after everything that was decided was sent and done. */
export function rowAfter(decision: Decision, before: Partial<Row> = {}): Partial<Row> {
  const done = {
    order: { epoch: 1, sequence: 1 },
    resultOrder: { epoch: 1, sequence: 1 },
    outcome: 'updated',
  };
  return { ...before, objectGuid: guid, ...done, ...decision.patch };
}
