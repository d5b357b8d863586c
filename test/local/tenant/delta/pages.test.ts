import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeltaPosition } from '../../../../local/tenant/delta/delta-position.ts';
import { type Page, pageAt } from '../../../../local/tenant/delta/page.ts';
import { type DirectoryChange, numbersTaken } from '../../../../local/tenant/directory/changes.ts';
import { Directory } from '../../../../local/tenant/directory/directory.ts';

/** Groups with so many members each, all members being users. */
function directoryWith(memberCounts: readonly number[]): Directory {
  const directory = new Directory();
  let seq = 1;
  const apply = (change: DirectoryChange): void => {
    directory.apply({ ...change, seq, at: seq });
    seq += numbersTaken(change);
  };
  const users = Array.from({ length: Math.max(0, ...memberCounts) }, (_, number) => `u${number}`);
  for (const id of users) apply({ op: 'create', type: 'user', id, properties: {} });
  memberCounts.forEach((count, number) => {
    const id = `g${number}`;
    apply({ op: 'create', type: 'group', id, properties: {} });
    if (count > 0) apply({ op: 'link', relation: 'members', group: id, targets: users.slice(0, count) });
  });
  return directory;
}

const fullRound = (directory: Directory): DeltaPosition => ({
  kind: 'group',
  from: 0,
  upTo: directory.position,
  after: 0,
  deferred: [],
  issuedAt: 0,
});

function allPages(directory: Directory, start: DeltaPosition, making: Parameters<typeof pageAt>[2]): Page[] {
  const pages: Page[] = [];
  for (let next: DeltaPosition | undefined = start; next !== undefined && pages.length < 10_000; ) {
    const page = pageAt(directory, next, making);
    pages.push(page);
    next = page.next;
  }
  return pages;
}

/** Every member delivered, by group, in order of delivery. */
function delivered(pages: readonly Page[]): Record<string, string[]> {
  const byGroup: Record<string, string[]> = {};
  for (const { id, entries } of pages.flatMap((page) => page.items))
    byGroup[id] = [...(byGroup[id] ?? []), ...entries.map(({ member }) => member)];
  return byGroup;
}

const truth = (memberCounts: readonly number[]): Record<string, string[]> =>
  Object.fromEntries(
    memberCounts.map((count, number) => {
      return [`g${number}`, Array.from({ length: count }, (_, user) => `u${user}`)];
    }),
  );

describe('pages of a groups delta', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });
  const cuts = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });

  test('whatever the page size and wherever groups are cut, each member comes once', () => {
    fc.assert(
      fc.property(
        counts,
        fc.integer({ min: 1, max: 9 }),
        cuts,
        fc.boolean(),
        (memberCounts, size, cut, full) => {
          const directory = directoryWith(memberCounts);
          let asked = 0;
          const making = { size, cut: () => cut[asked++ % cut.length] === true };
          const start = fullRound(directory);
          // From after the users: then the groups and their members are what happened since.
          const round = full ? start : { ...start, from: Math.max(0, ...memberCounts) };
          expect(delivered(allPages(directory, round, making))).toEqual(truth(memberCounts));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('no page is larger than it may be', () => {
    const directory = directoryWith([0, 70, 3, 12, 0, 0, 26]);
    for (const { items } of allPages(directory, fullRound(directory), { size: 4, cut: () => false })) {
      expect(items.length).toBeLessThanOrEqual(4);
      expect(items.flatMap(({ entries }) => entries).length).toBeLessThanOrEqual(20);
    }
  });

  test('the rest of a cut group comes after the groups that follow it', () => {
    const directory = directoryWith([4, 2]);
    const pages = allPages(directory, fullRound(directory), { size: 10, cut: (entries) => entries === 4 });
    expect(pages.map(({ items }) => items.map(({ id, entries }) => [id, entries.length]))).toEqual([
      [
        ['g0', 2],
        ['g1', 2],
      ],
      [['g0', 2]],
    ]);
  });
});
