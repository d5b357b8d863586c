import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issuedAttributes } from '../../../relay/guard/issued-attributes.ts';
import { photoAttribute } from '../../../relay/plan/plan.ts';
import { type PlannedCommand, planState } from '../../../relay/plan/plan-state.ts';
import type {
  Command,
  GroupPresent,
  GroupSuspended,
  Slice,
  UserPresent,
  UserSuspended,
} from '../../../shared/contracts/command.ts';
import {
  difference,
  groupBare,
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

const runs = { numRuns: 40 };
const word = fc.constantFrom('Anna', 'Bert', 'Cleo');
const text = fc.option(fc.constantFrom('x', 'Ä', ' inner  space ', '#,+"<>;='), { nil: null });
const texts = fc.option(fc.uniqueArray(fc.constantFrom('+1', '+2', 'x', 'Ä'), { minLength: 1 }), {
  nil: null,
});
const attributes = fc.record(
  { displayName: text, title: text, department: text, otherTelephone: texts, extensionAttribute1: text },
  { requiredKeys: [] },
);
const photo = fc.constantFrom(
  undefined,
  null,
  ...[1, 2].map((last) => Buffer.from([0xff, 0xd8, 0xff, last]).toString('base64')),
);

const user: fc.Arbitrary<UserPresent> = fc
  .record({
    word,
    attributes,
    photo,
    manager: fc.option(word.map(userKey), { nil: null }),
    enabled: fc.boolean(),
    mayEnable: fc.boolean(),
    renamed: fc.boolean(),
  })
  .map(({ word: name, attributes: values, renamed, photo: picture, manager, ...rest }) => {
    const others = manager === userKey(name) ? {} : { manager };
    const command = userPresent(name, { attributes: values, ...rest, ...others });
    const cn = renamed ? [`New, ${name} #_${idOf(name).slice(-12)}`] : command.names.cn;
    return {
      ...command,
      names: { ...command.names, cn },
      ...(picture === undefined ? {} : { photo: picture }),
    };
  });
const leaver: fc.Arbitrary<UserSuspended> = fc
  .record({
    word,
    account: fc.constantFrom('disable', 'keep'),
    place: fc.constantFrom('stay', 'leavers'),
    names: fc.constantFrom('keep', 'let-go'),
  })
  .map(({ word: name, ...policy }) => userSuspended(name, policy));
const group: fc.Arbitrary<GroupPresent> = fc
  .record({ security: fc.boolean(), description: text })
  .map(({ security, description }) => groupPresent('Team', { security, attributes: { description } }));
const leavingGroup: fc.Arbitrary<GroupSuspended> = fc
  .record({ kind: fc.constantFrom('distribution', 'keep'), members: fc.constantFrom('keep', 'empty') })
  .map((policy) => groupSuspended('Team', policy));
const keys = fc.uniqueArray(word.map(userKey));
const bareState = fc.constantFrom('absent', 'released');
const state: fc.Arbitrary<PlannedCommand> = fc.oneof(user, leaver, group, leavingGroup);
const command: fc.Arbitrary<Command> = fc.oneof(
  state,
  fc.tuple(word, bareState).map(([name, bare]) => userBare(name, bare)),
  bareState.map((bare) => groupBare('Team', bare)),
  fc.tuple(keys, keys).map(([add, remove]) => difference('Team', { add, remove })),
  keys.map((members) => slice('Team', members)),
);

/** What the relay would still do about an object, after all. */
async function remainingChanges(world: RelayWorld, last: PlannedCommand) {
  const { description, newAccount } = world.workplace;
  const guid = world.entryOf(last.id)?.guid;
  if (guid === undefined) return [];
  const named = last.state === 'present' ? Object.keys(last.attributes) : [];
  const read = [...issuedAttributes[last.type], ...named, photoAttribute];
  const entry = await world.directory.read(guid, read);
  const { sAMAccountName = '', userPrincipalName } = entry?.attributes ?? {};
  const names = { cn: entry?.cn ?? '', sAMAccountName, userPrincipalName };
  const key = last.type === 'user' && last.state === 'present' ? last.manager : undefined;
  const manager = key === undefined || key === null ? key : (world.entryOf(key.slice(2))?.guid ?? null);
  return planState(last, { entry, names, manager, description, newAccount }).changes;
}

describe('a plan', () => {
  it('is empty after it was applied', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 6 }), state, async (before, last) => {
        const world = await relayWorld();
        for (const each of before) await world.apply(each);
        const result = await world.apply(last);
        if (result.outcome === 'rejected') return;
        if (last.state === 'present') expect(world.see(last.id)?.cn).toBe(last.names.cn[0]);
        expect(await remainingChanges(world, last)).toEqual([]);
        expect((await world.apply(last)).changed).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});

describe('any command', () => {
  it('applied twice is the same as applied once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 8 }), async (commands) => {
        const world = await relayWorld();
        for (const each of commands) {
          await world.apply(each);
          const once = structuredClone(world.seeAll());
          await world.apply(each);
          expect(world.seeAll()).toEqual(once);
        }
      }),
      runs,
    );
  });
});

describe('slices', () => {
  it('in any order are the list', async () => {
    const words = Array.from({ length: 12 }, (_, at) => `member${at}`);
    const some = fc.subarray(words);
    await fc.assert(
      fc.asyncProperty(
        some,
        some,
        fc.array(fc.nat(255), { maxLength: 4 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (before, wanted, cuts, order) => {
          const world = await relayWorld();
          for (const name of words) await world.apply(userPresent(name));
          await world.apply(groupPresent('Team'));
          await world.apply(slice('Team', before.map(userKey)));
          for (const part of shuffled(slicesOf(wanted, cuts), order)) await world.apply(part);
          const expected = wanted.map((name) => world.entryOf(idOf(name))?.name).sort();
          expect(world.see(idOf('Team'))?.members).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });
});

function slicesOf(words: readonly string[], cuts: readonly number[]): Slice[] {
  const members = words.map(userKey).sort();
  const bounds = [...new Set(cuts.map((cut) => `u:${cut.toString(16).padStart(2, '0')}`))].sort();
  const edges = ['', ...bounds];
  return edges.map((from, number) => {
    const to = edges[number + 1] ?? null;
    const covered = members.filter((key) => key >= from && (to === null || key < to));
    return slice('Team', covered, { from, to, number, count: edges.length });
  });
}

function shuffled<T>(items: readonly T[], order: Iterable<number>): T[] {
  const numbers = order[Symbol.iterator]();
  return items
    .map((item) => ({ item, at: Number(numbers.next().value) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
