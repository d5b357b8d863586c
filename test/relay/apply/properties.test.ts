import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributesToRead } from '../../../relay/guard/allowed.ts';
import { planState } from '../../../relay/plan/plan-state.ts';
import type { Command, GroupPresent, Slice, UserPresent } from '../../../shared/contracts/command.ts';
import {
  difference,
  groupBare,
  groupPresent,
  idOf,
  slice,
  userBare,
  userKey,
  userPresent,
} from '../build-command.ts';
import { relayWorld } from '../relay-world.ts';

const runs = { numRuns: 40 };
const word = fc.constantFrom('Anna', 'Bert', 'Cleo');
const text = fc.option(fc.constantFrom('x', 'Ä', ' inner  space ', '#,+"<>;='), { nil: null });
const attributes = fc.record({ displayName: text, title: text, department: text }, { requiredKeys: [] });

const user: fc.Arbitrary<UserPresent> = fc
  .record({ word, attributes, enabled: fc.boolean(), renamed: fc.boolean() })
  .map(({ word: name, attributes: values, enabled, renamed }) => {
    const command = userPresent(name, { attributes: values, enabled });
    const cn = renamed ? [`New, ${name} #_${idOf(name).slice(-12)}`] : command.names.cn;
    return { ...command, names: { ...command.names, cn } };
  });
const group: fc.Arbitrary<GroupPresent> = fc
  .record({ security: fc.boolean(), description: text })
  .map(({ security, description }) => groupPresent('Team', { security, attributes: { description } }));
const keys = fc.uniqueArray(word.map(userKey));
const bareState = fc.constantFrom('suspended', 'absent', 'released');
const command: fc.Arbitrary<Command> = fc.oneof(
  user,
  group,
  fc.tuple(word, bareState).map(([name, state]) => userBare(name, state as 'suspended')),
  bareState.map((state) => groupBare('Team', state as 'suspended')),
  fc.tuple(keys, keys).map(([add, remove]) => difference('Team', { add, remove })),
  keys.map((members) => slice('Team', members)),
);

describe('a plan', () => {
  it('is empty after it was applied', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 6 }), user, async (before, last) => {
        const world = await relayWorld();
        for (const each of before) await world.apply(each);
        const result = await world.apply(last);
        if (result.outcome === 'rejected') return;
        const guid = world.entryOf(last.id)?.guid ?? ('' as never);
        const entry = await world.directory.read(guid, attributesToRead.user);
        const names = {
          cn: last.names.cn[0] ?? '',
          sAMAccountName: last.names.sAMAccountName[0] ?? '',
          userPrincipalName: last.names.userPrincipalName[0],
        };
        expect(planState(last, { entry, names, hasExternalId: true }).changes).toEqual([]);
      }),
      runs,
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
