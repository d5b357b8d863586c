import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Directory } from '../../../relay/ports.ts';
import type { Command } from '../../../shared/contracts/command.ts';
import { WritebackError } from '../../../shared/errors.ts';
import {
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

const words = ['Anna', 'Ben', 'Cleo', 'Dora'];
const upn = (world: RelayWorld, word: string) => world.see(idOf(word))?.values['userprincipalname'];

describe('userPrincipalNames that change hands', () => {
  it('[users.names.swap] end where the cloud wants them, in whatever order the commands come again', async () => {
    const permutation = fc.shuffledSubarray(words, { minLength: words.length });
    const orders = fc.array(permutation, { minLength: words.length, maxLength: words.length });
    await fc.assert(
      fc.asyncProperty(permutation, orders, async (owners, turns) => {
        const world = await relayWorld();
        for (const word of words) await world.apply(userPresent(word));
        const wanted = new Map(
          words.map((word, at) => [word, `${owners[at]?.toLowerCase()}@contoso.example`]),
        );
        for (const turn of turns)
          for (const word of turn) {
            const names = { ...userPresent(word).names, userPrincipalName: [wanted.get(word) ?? ''] };
            await world.apply(userPresent(word, { names }));
          }
        expect(words.map((word) => upn(world, word))).toEqual([...wanted.values()]);
      }),
      { numRuns: 40 },
    );
  });
});

/** Lets the nth write from now on be the last thing that the relay does: before it reached the directory, or after. */
function dieAt(directory: Directory, nth: number, isDone: boolean): void {
  let count = 0;
  const dying = <A extends unknown[], R>(write: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      count += 1;
      if (count > nth) throw new WritebackError('directory-unavailable');
      if (count < nth) return write(...args);
      if (isDone) await write(...args);
      throw new WritebackError('directory-unavailable');
    };
  };
  directory.add = dying(directory.add);
  directory.replace = dying(directory.replace);
  directory.move = dying(directory.move);
  directory.remove = dying(directory.remove);
  directory.editMembers = dying(directory.editMembers);
}

describe('a relay that dies at any write', () => {
  const renamed = { ...userPresent('Anna').names, cn: ['Anna Berg'] };
  const photo = Buffer.from([0xff, 0xd8, 0xff, 1]).toString('base64');
  const command: fc.Arbitrary<Command> = fc.constantFrom<Command>(
    userPresent('Anna', { mayEnable: false, manager: userKey('Ben'), photo }),
    userPresent('Anna', { enabled: false, names: renamed }),
    userSuspended('Anna', { place: 'leavers', names: 'let-go' }),
    userBare('Anna', 'absent'),
    groupPresent('Team'),
    groupPresent('Team', { security: false, attributes: { description: 'x' } }),
    groupSuspended('Team', { members: 'empty' }),
    slice('Team', [userKey('Anna'), userKey('Ben')]),
  );
  const before: Command[] = [userPresent('Ben'), groupPresent('Team'), slice('Team', [userKey('Ben')])];

  it('[users.account.half-created] leaves nothing that the same command, coming again, does not complete', async () => {
    const crash = fc.record({ at: fc.integer({ min: 1, max: 3 }), isDone: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { maxLength: 3 }),
        command,
        crash,
        async (history, last, { at, isDone }) => {
          const [calm, struck] = [await relayWorld(), await relayWorld()];
          for (const world of [calm, struck])
            for (const each of [...before, ...history]) await world.apply(each);
          await calm.apply(last);
          const { directory } = struck.workplace;
          const healthy = { ...directory };
          dieAt(directory, at, isDone);
          await struck.apply(last).catch(() => undefined);
          Object.assign(directory, healthy);
          await struck.restart();
          await struck.apply(last);
          for (const id of [idOf('Anna'), idOf('Team')]) expect(struck.see(id)).toEqual(calm.see(id));
          expect(struck.entryOf(idOf('Anna'))?.passwordSet).toBe(calm.entryOf(idOf('Anna'))?.passwordSet);
        },
      ),
      { numRuns: 80 },
    );
  });
});
