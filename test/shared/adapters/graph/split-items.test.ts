import { expect, it } from 'vitest';
import { tenantOver } from '../../../../shared/adapters/graph/tenant-over.ts';
import type { ObjectId } from '../../../../shared/domain/object-id.ts';
import { epochMs } from '../../../../shared/domain/time.ts';
import { mergeItems } from '../../../../shared/reading/rounds/page-items.ts';

/** A user that a page of delta tells in several items, which the tenant simulator does for groups only. */
const [ann, bob] = [1, 2].map((n) => `aaaaaaaa-0000-4000-8000-00000000000${n}` as ObjectId) as [
  ObjectId,
  ObjectId,
];
const origin = 'https://graph.example';
const item = (more: Record<string, unknown> = {}) => ({
  id: ann,
  userPrincipalName: 'ann@contoso.example',
  accountEnabled: true,
  ...more,
});
const named = { 'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: bob }] };
const removed = { 'manager@delta': [{ id: bob, '@removed': { reason: 'deleted' } }] };

/** What a page makes of Ann, in a full round or (after a link) in another one. */
async function annOf(value: object[], link?: string) {
  const clock = { now: () => epochMs(0), sleep: async () => {} };
  const body = { value, '@odata.deltaLink': `${origin}/v1.0/users/delta?$deltatoken=next` };
  const call = async () => ({ status: 200, body, retryAfterMs: undefined });
  const tenant = tenantOver({ call, origin, patience: { clock, random: () => 0 }, photo: false });
  const page = await tenant.userPage(link);
  const [merged, ...others] = mergeItems(page.type === 'resync' ? [] : page.items);
  if (merged?.type !== 'live' || others.length > 0) throw new Error('not one live item');
  return merged.object;
}
const later = `${origin}/v1.0/users/delta?$deltatoken=this`;
const boss = { type: 'user', id: bob, known: false };

it('[users.attributes.manager] one that any item of a full round names stays, whichever comes last', async () => {
  expect((await annOf([item(named), item({ jobTitle: 'Clerk' })])).manager).toEqual(boss);
  expect((await annOf([item(), item(named)])).manager).toEqual(boss);
  expect((await annOf([item(named), item({ jobTitle: 'Clerk' })])).jobTitle).toBe('Clerk');
});

it('[users.attributes.manager] nobody, where no item of a full round names one, or the last word is a removal', async () => {
  expect((await annOf([item(), item()])).manager).toBeNull();
  expect((await annOf([item(named), item(removed)])).manager).toBeNull();
});

it('[users.attributes.manager] another round leaves open what none of its items says', async () => {
  expect(await annOf([item(), item()], later)).not.toHaveProperty('manager');
  expect((await annOf([item(named), item()], later)).manager).toEqual(boss);
});
