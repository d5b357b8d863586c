import { describe, expect, test } from 'vitest';
import { type DeltaPosition, DeltaTokens } from '../../../../local/tenant/delta/delta-position.ts';

const day = 86_400_000;
const position: DeltaPosition = {
  kind: 'user',
  select: ['displayName'],
  from: 5,
  upTo: 9,
  after: 7,
  deferred: [],
  issuedAt: 100 * day,
};

describe('DeltaTokens', () => {
  const tokens = new DeltaTokens('tenant');

  test('a token says again what it was made of', () => {
    expect(tokens.read(tokens.write(position), 'user', 100 * day)).toEqual(position);
  });

  test('a token lives seven days (reference B.3)', () => {
    const token = tokens.write(position);
    expect(tokens.read(token, 'user', 107 * day - 1)).toEqual(position);
    expect(tokens.read(token, 'user', 107 * day)).toBeUndefined();
  });

  test('a token of another tenant, of the other kind, cut or changed is none', () => {
    const token = tokens.write(position);
    expect(new DeltaTokens('another').read(token, 'user', 100 * day)).toBeUndefined();
    expect(tokens.read(token, 'group', 100 * day)).toBeUndefined();
    for (const broken of [
      '',
      'latest',
      token.slice(1),
      token.slice(0, -1),
      `${token}x`,
      token.replace('.', ''),
    ])
      expect(tokens.read(broken, 'user', 100 * day)).toBeUndefined();
  });
});
