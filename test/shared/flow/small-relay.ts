import type { Command, MembershipCommand, StateCommand } from '../../../shared/contracts/command.ts';
import type { Result } from '../../../shared/contracts/result.ts';
import { laneOf } from '../../../shared/domain/lane.ts';
import { type MemberKey, parseMemberKey } from '../../../shared/domain/member-key.ts';
import type { Kind, ObjectId } from '../../../shared/domain/object-id.ts';

/** What a tiny directory keeps of an object, by docs/expected-state.md. Members are entries, or `s:<SID>` texts. */
export type SmallEntry = {
  kind: Kind;
  id: ObjectId;
  guid: string;
  values: string;
  suspended: boolean;
  members: Set<SmallEntry | string>;
};

/** A relay and a directory in a few lines: lanes in order, the epoch fence, commands applied. */
export type SmallRelay = {
  entry(kind: Kind, id: ObjectId): SmallEntry | undefined;
  entries(): SmallEntry[];
  accept(command: Command): void;
  busyLanes(): string[];
  /** Applies the next command of a lane. */
  work(lane: string): Result;
  /** Takes the next command off a lane, as the dead-letter queue does. */
  discard(lane: string): Command;
  /** Deletes an entry behind everybody's back. */
  lose(kind: Kind, id: ObjectId): void;
  /** How many of the next commands are rejected. */
  rejections: number;
  applied: Command[];
};

const knownSid = /^s:S-1-5-21-/;

export function smallRelay(clock: { now(): number }): SmallRelay {
  const entries = new Map<string, SmallEntry>();
  const lanes = new Map<string, Command[]>();
  const epochs = new Map<string, number>();
  let guids = 0;
  const keyOf = (kind: Kind, id: ObjectId): string => `${kind}:${id}`;
  const without = (gone: SmallEntry): void => {
    for (const { members } of entries.values()) members.delete(gone);
  };

  const relay: SmallRelay = {
    rejections: 0,
    applied: [],
    entry: (kind, id) => entries.get(keyOf(kind, id)),
    entries: () => [...entries.values()],
    accept(command) {
      const lane = laneOf(command.id);
      lanes.set(lane, [...(lanes.get(lane) ?? []), command]);
    },
    busyLanes: () => [...lanes].filter(([, queue]) => queue.length > 0).map(([lane]) => lane),
    lose(kind, id) {
      const gone = entries.get(keyOf(kind, id));
      if (gone !== undefined) without(gone);
      entries.delete(keyOf(kind, id));
    },
    discard(lane) {
      const command = lanes.get(lane)?.shift();
      if (command === undefined) throw new Error('an idle lane');
      return command;
    },
    work(lane) {
      const command = relay.discard(lane);
      const fence = `${lane}:${command.type === 'user' ? 'user' : 'group'}`;
      if (command.order.epoch < (epochs.get(fence) ?? 0)) return answer(command, { outcome: 'stale' });
      epochs.set(fence, command.order.epoch);
      if (relay.rejections > 0) {
        relay.rejections--;
        return answer(command, { outcome: 'rejected', code: 'directory-refused', reason: 'for the test' });
      }
      relay.applied.push(command);
      return 'state' in command ? applyState(command) : applyMembers(command);
    },
  };
  return relay;

  function answer(command: Command, part: Partial<Result> & Pick<Result, 'outcome'>): Result {
    const { v, traceparent, times, id, order, cause, page, type } = command;
    return {
      ...{ v, traceparent, id, order, cause, type: 'result', of: type, relay: 'small' },
      times: { ...times, commit: clock.now() },
      ...(page === undefined ? {} : { page }),
      ...('state' in command ? { state: command.state } : {}),
      ...{ changed: [], added: 0, removed: 0, missing: [], omitted: [], memberOf: [] },
      ...part,
    };
  }

  function applyState(command: StateCommand): Result {
    const kind = command.type;
    const entry = relay.entry(kind, command.id);
    if (command.state === 'present') return applyPresent(command, entry);
    if (entry === undefined) return answer(command, { outcome: 'unchanged' });
    if (command.state === 'suspended') {
      entry.suspended = true;
      const memberOf = relay.entries().filter(({ members }) => members.has(entry));
      return answer(command, {
        outcome: 'suspended',
        objectGuid: entry.guid,
        memberOf: memberOf.map(({ id }) => id),
      });
    }
    if (command.state === 'absent') without(entry);
    entries.delete(keyOf(kind, command.id));
    return answer(command, { outcome: command.state === 'absent' ? 'deleted' : 'released' });
  }

  function applyPresent(
    command: Extract<StateCommand, { state: 'present' }>,
    entry: SmallEntry | undefined,
  ): Result {
    const { id, type: kind, names, attributes } = command;
    const values = JSON.stringify([names, attributes, kind === 'user' ? command.enabled : command.security]);
    if (entry === undefined) {
      const guid = `00000000-0000-4000-8000-${String(++guids).padStart(12, '0')}`;
      entries.set(keyOf(kind, id), { kind, id, guid, values, suspended: false, members: new Set() });
      return answer(command, { outcome: 'created', objectGuid: guid });
    }
    const outcome = entry.values === values && !entry.suspended ? 'unchanged' : 'updated';
    Object.assign(entry, { values, suspended: false });
    return answer(command, { outcome, objectGuid: entry.guid });
  }

  function applyMembers(command: MembershipCommand): Result {
    const group = relay.entry('group', command.id);
    if (group === undefined) return answer(command, { outcome: 'rejected', code: 'entry-missing' });
    const missing: MemberKey[] = [];
    const resolve = (key: MemberKey): (SmallEntry | string)[] => {
      const parsed = parseMemberKey(key);
      if (parsed?.type === 'sid') return knownSid.test(key) ? [key] : [];
      const entry = parsed && relay.entry(parsed.kind, parsed.id);
      if (entry === undefined) missing.push(key);
      return entry === undefined ? [] : [entry];
    };
    if (command.type === 'difference') {
      for (const member of command.remove.flatMap(resolve)) group.members.delete(member);
      missing.length = 0;
      for (const member of command.add.flatMap(resolve)) group.members.add(member);
    } else {
      const inRange = (key: string) => key >= command.from && (command.to === null || key < command.to);
      for (const member of group.members) if (inRange(keyOfMember(member))) group.members.delete(member);
      for (const member of command.members.flatMap(resolve)) group.members.add(member);
    }
    return answer(command, { outcome: 'updated', missing });
  }
}

/** The key of a member of an entry. */
export function keyOfMember(member: SmallEntry | string): string {
  return typeof member === 'string' ? member : `${member.kind === 'user' ? 'u' : 'g'}:${member.id}`;
}
