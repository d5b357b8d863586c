import { describe, expect, test } from 'vitest';
import type { DirectoryObject } from '../../../../local/tenant/directory/directory-object.ts';
import { filterOf, idsOf } from '../../../../local/tenant/graph/filter.ts';

const object: DirectoryObject = {
  id: 'aaaaaaaa-0000-4000-8000-000000000001',
  type: 'group',
  createdSeq: 1,
  properties: { displayName: "O'Hara and sons or so", mailEnabled: false, groupTypes: ['Unified'] },
};
const passes = (filter: string): boolean => filterOf(new URLSearchParams({ $filter: filter }))(object);

describe('$filter', () => {
  test.each([
    ["displayName eq 'o''hara AND sons or so'", true],
    ["displayName eq 'x'", false],
    ["startswith(displayName,'O''Hara and')", true],
    ["startswith(displayName, 'sons')", false],
    ["displayName in ('x', 'O''Hara and sons or so')", true],
    ['mailEnabled eq false', true],
    ['mailEnabled eq true', false],
    ['description eq null', true],
    ["groupTypes/any(c:c eq 'unified')", true],
    ["groupTypes/any(c:c eq 'DynamicMembership')", false],
    ["mailEnabled eq false and displayName eq 'x'", false],
    ["mailEnabled eq true or displayName eq 'x' or description eq null", true],
    ["id eq 'AAAAAAAA-0000-4000-8000-000000000001'", true],
  ])('%s', (filter, expected) => {
    expect(passes(filter)).toBe(expected);
  });

  test.each(['displayName', 'displayName eq x', "endswith(displayName,'x')", 'not (mailEnabled eq true)'])(
    '%s is not understood',
    (filter) => {
      expect(() => passes(filter)).toThrow(/Invalid filter clause/);
    },
  );

  test('without one everything passes', () => {
    expect(filterOf(new URLSearchParams())(object)).toBe(true);
  });
});

test('the filter of a delta query names ids', () => {
  const ids = (filter: string) => idsOf(new URLSearchParams({ $filter: filter }));
  expect(ids("id eq 'A' or id eq 'b'")).toEqual(['a', 'b']);
  expect(() => ids("id eq 'a' and id eq 'b'")).toThrow();
  expect(() => ids("displayName eq 'a'")).toThrow();
});
