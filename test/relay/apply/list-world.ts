import { createHash } from 'node:crypto';
import { applyCommand } from '../../../relay/apply/apply-command.ts';
import type { Workplace } from '../../../relay/apply/workplace.ts';
import type { Directory, Guid, MemberEdit } from '../../../relay/ports.ts';
import type { Command, Slice } from '../../../shared/contracts/command.ts';
import type { Result } from '../../../shared/contracts/result.ts';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import { slicesOf } from '../../../shared/domain/slices.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';
import { dnOf } from '../../fakes/windows/windows-entry.ts';
import { idOf, slice, userKey } from '../build-command.ts';
import type { RelayWorld } from '../relay-world.ts';

/** Words for people: `p0`, `p1`, … */
export const words = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => `p${n + from}`);

/** Users that were written before, put into domain and memory as they are (thousands of adds would take the fake too long): their objectGUIDs. */
export function putWritten(world: RelayWorld, people: readonly string[]): Map<string, Guid> {
  const { domain } = world;
  const guids = new Map<string, Guid>();
  for (const word of people) {
    const id = idOf(word);
    const mark = `User_${id}`;
    const sid = domain.newSid();
    const entry = domain.put({
      name: `${word}_${id.slice(-12)}`,
      parent: domain.destination,
      objectClass: ['top', 'person', 'organizationalPerson', 'user'],
      sid,
      owner: domain.serviceSid,
      values: new Map([
        ['samaccountname', [`u-${createHash('sha256').update(word).digest('hex').slice(0, 18)}`]],
        ['useraccountcontrol', ['512']],
        ['admindescription', [mark]],
        ['msds-externaldirectoryobjectid', [mark]],
      ]),
      passwordSet: true,
    });
    const { guid, owner } = entry;
    world.workplace.index.put({
      guid,
      sid,
      dn: dnOf(entry),
      kind: 'user',
      place: 'destination',
      mark,
      owner,
    });
    guids.set(word, guid);
  }
  return guids;
}

/** The slices of a complete list, as the reader cuts them; `of` members at most in each. */
export function listOf(group: string, keys: readonly MemberKey[]): Slice[] {
  return slicesOf(keys).map((part) => slice(group, part.members, part));
}

/** A list of people in a given number of slices. */
export function listInSlices(group: string, people: readonly string[], count: number): Slice[] {
  const keys = people.map(userKey).sort();
  const size = Math.ceil(keys.length / count);
  return Array.from({ length: count }, (_, number) =>
    slice(group, keys.slice(number * size, (number + 1) * size), {
      from: number === 0 ? '' : (keys[number * size] ?? ''),
      to: keys[(number + 1) * size] ?? null,
      number,
      count,
    }),
  );
}

/** A relay whose readings are counted: what a list costs beside its writes. Its next edit can be made to fail. */
export function countedRelay(workplace: Workplace) {
  const cost = { groupsRead: 0, everythingRead: 0, searches: 0 };
  const faults = { lockIsLost: false };
  const directory: Directory = Object.create(workplace.directory, {
    editMembers: {
      value: (group: Guid, edit: MemberEdit) => {
        const { lockIsLost } = faults;
        faults.lockIsLost = false;
        if (lockIsLost) throw new WritebackError('lock-lost');
        return workplace.directory.editMembers(group, edit);
      },
    },
    members: {
      value: (group: Guid) => {
        cost.groupsRead += 1;
        return workplace.directory.members(group);
      },
    },
  });
  const { index } = workplace;
  const load = index.load.bind(index);
  const confirm = index.confirm.bind(index);
  index.load = () => {
    cost.everythingRead += 1;
    return load();
  };
  index.confirm = (mark) => {
    cost.searches += 1;
    return confirm(mark);
  };
  const relay = { ...workplace, directory };
  return { cost, faults, apply: (commands: readonly Command[]) => applyAll(commands, relay) };
}

async function applyAll(commands: readonly Command[], relay: Workplace): Promise<Result[]> {
  const results: Result[] = [];
  for (const command of commands) {
    const { result, error } = await applyCommand(command, relay, { relay: 'test', now: () => epochMs(3) });
    if (error?.disposition === 'defect') throw error;
    results.push(result);
  }
  return results;
}

/** The ids of the people in a group of the domain, sorted. */
export function peopleIn(world: RelayWorld, group: string): string[] {
  const entry = world.entryOf(idOf(group));
  const members = [...(entry?.members ?? [])].flatMap((guid) => world.domain.entries.get(guid) ?? []);
  return members.map(({ name }) => name.split('_')[0] ?? '').sort();
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
