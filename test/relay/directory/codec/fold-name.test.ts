import { describe, expect, test } from 'vitest';
import { foldName } from '../../../../relay/directory/codec/fold-name.ts';

describe('foldName', () => {
  test.each([
    ['Müller', 'muller'],
    ['Meißner', 'meissner'],
    ['JOSÉ@Contoso.Example', 'jose@contoso.example'],
    ['Ａｄａ', 'ada'],
    ['e\u0301', 'e'],
    ['a  b', 'a  b'],
    ['ada.lovelace', 'ada.lovelace'],
  ])('[users.names.uniqueness] %s is %s', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });
});
