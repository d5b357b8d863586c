import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Claims } from '../../../../local/broker/edge/claims.ts';
import { checkToken } from '../../../../local/broker/edge/token-check.ts';

const secrets = { jwtSecret: 'jwt', sasKey: 'sas' };
const now = 1_700_000_000_000;
const audience = 'sb://host:1/writes';

function jwt(claims: object, secret = 'jwt', header: object = { alg: 'HS256' }): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${encode(header)}.${encode(claims)}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

function sas(resource: string, expirySeconds: number, key = 'sas'): string {
  const encoded = encodeURIComponent(resource);
  const signature = createHmac('sha256', key).update(`${encoded}\n${expirySeconds}`).digest('base64');
  return `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(signature)}&se=${expirySeconds}&skn=k`;
}

const good = { aud: 'https://servicebus.azure.net', exp: now / 1000 + 60 };
const check = (type: string, token: string): number | undefined =>
  checkToken({ type, token, audience }, secrets, now);

test('a good JWT lets in until it expires', () => {
  expect(check('jwt', jwt(good))).toBe(now + 60_000);
  expect(check('jwt', jwt({ ...good, aud: 'https://servicebus.azure.net/' }))).toBe(now + 60_000);
});

test.each([
  ['signature', jwt(good, 'other')],
  ['audience', jwt({ ...good, aud: 'https://graph.microsoft.com' })],
  ['expiry', jwt({ ...good, exp: now / 1000 })],
  ['missing expiry', jwt({ aud: good.aud })],
  ['algorithm', jwt(good, 'jwt', { alg: 'none' })],
  ['form', 'no token'],
])('a JWT with a bad %s is refused', (_, token) => {
  expect(check('jwt', token)).toBeUndefined();
});

test('a SAS token is good for the resource it names and what lies below', () => {
  const type = 'servicebus.windows.net:sastoken';
  expect(check(type, sas(audience, now / 1000 + 60))).toBe(now + 60_000);
  expect(check(type, sas('sb://host:1/', now / 1000 + 60))).toBe(now + 60_000);
  expect(check(type, sas('sb://host:1/other', now / 1000 + 60))).toBeUndefined();
  expect(check(type, sas(audience, now / 1000 - 1))).toBeUndefined();
  expect(check(type, sas(audience, now / 1000 + 60, 'other'))).toBeUndefined();
});

test('without secrets every token passes', () => {
  const open = { jwtSecret: undefined, sasKey: undefined };
  expect(checkToken({ type: 'jwt', token: 'any', audience }, open, now)).toBeGreaterThan(now);
});

test('a claim covers its entity, its $management and its dead letters, nothing else, and no longer than it lasts', () => {
  let time = now;
  const claims = new Claims(secrets, () => time);
  expect(claims.allow('writes')).toBe(false);
  claims.offer({ type: 'jwt', token: jwt(good), audience });
  for (const address of ['writes', 'Writes/$management', 'writes/$DeadLetterQueue'])
    expect(claims.allow(address)).toBe(true);
  for (const address of ['results', 'writes-2', '']) expect(claims.allow(address)).toBe(false);
  time += 60_000;
  expect(claims.allow('writes')).toBe(false);
});
