import { afterAll, beforeAll, expect, it } from 'vitest';
import { SmallCompany } from './small-company.ts';

/** The second Müller, the swapped names, the leaver who returns, and the administrator who knows better. */
let company: SmallCompany;

beforeAll(async () => {
  company = await SmallCompany.found();
});

afterAll(() => company?.close());

const account = (name: string) => (seen: { value(name: string): string | undefined }) =>
  seen.value('sAMAccountName') === name;
const signIn = (name: string | undefined) => (seen: { value(name: string): string | undefined }) =>
  seen.value('userPrincipalName') === name;

it('gives the second Müller a number, and keeps a name once it is issued', async () => {
  const first = await company.hire('Jörg Müller', 'joerg.mueller@contoso.example');
  await company.shows('the first', first, account('joerg.mueller'));
  const second = await company.hire('Jorg Mueller', 'joerg.mueller@fabrikam.example');
  await company.shows('the second', second, account('joerg.mueller2'));
  const third = await company.hire('Joerg Muller', 'joerg.mueller@unknown.example');
  const seen = await company.shows('the third', third, account('joerg.mueller3'));
  expect(seen.value('userPrincipalName')).toMatch(/^joerg\.mueller\d?@wb\.example$/);
  await company.change('users', second, { displayName: 'Jorg Smith', mailNickname: 'jorg.smith' });
  // The new cn is the last write, because a stranger's name can refuse it.
  const cn = `Jorg Smith_${second.slice(-12)}`;
  const later = await company.shows('renamed', second, ({ value }) => value('cn') === cn);
  expect(later.value('displayName')).toBe('Jorg Smith');
  expect(later.value('sAMAccountName')).toBe('joerg.mueller2');
});

it('tells groups apart whose names are the same once they are plain', async () => {
  const groups = [await company.found('Продажи'), await company.found('Prodazhi'), await company.found('李')];
  const names = await Promise.all(
    groups.map(async (id) => (await company.shows('a group', id, () => true)).value('sAMAccountName')),
  );
  expect(new Set(names)).toEqual(new Set(['Prodazhi', 'Prodazhi2', 'Li']));
});

it('lets two people swap their sign-in names', async () => {
  const one = await company.hire('One', 'one@contoso.example');
  const two = await company.hire('Two', 'two@contoso.example');
  await company.shows('One', one, signIn('one@contoso.example'));
  await company.shows('Two', two, signIn('two@contoso.example'));
  await company.change('users', one, { userPrincipalName: 'between@contoso.example' });
  await company.change('users', two, { userPrincipalName: 'one@contoso.example' });
  await company.change('users', one, { userPrincipalName: 'two@contoso.example' });
  await company.shows('One is two', one, signIn('two@contoso.example'));
  await company.shows('Two is one', two, signIn('one@contoso.example'));
});

it('gives a newcomer the sign-in name of a leaver, and the leaver the same account when she returns', async () => {
  const lea = await company.hire('Lea', 'lea@contoso.example');
  const before = await company.shows('Lea', lea, signIn('lea@contoso.example'));
  await company.dismiss('users', lea);
  await company.shows('Lea has left', lea, ({ isEnabled }) => !isEnabled);
  const heir = await company.hire('Lea the younger', 'lea@contoso.example');
  await company.shows('the newcomer', heir, signIn('lea@contoso.example'));
  await company.shows('Lea let go', lea, signIn(undefined));
  await company.change('users', heir, { userPrincipalName: 'lea.the.younger@contoso.example' });
  await company.restore(lea);
  const after = await company.shows('Lea is back', lea, signIn('lea@contoso.example'));
  expect([after.entry.sid, after.isEnabled]).toEqual([before.entry.sid, true]);
});

it('writes managers, also one who comes later, and nobody while she is away', async () => {
  const chief = await company.hire('Chief', 'chief@contoso.example');
  const report = await company.hire('Report', 'report@contoso.example');
  await company.setManager(report, chief);
  const cn = `Chief_${chief.slice(-12)}`;
  await company.shows('the manager', report, ({ manager }) => manager === cn);
  await company.dismiss('users', chief);
  await company.shows('no manager', report, ({ manager }) => manager === undefined);
  await company.restore(chief);
  await company.shows('the manager again', report, ({ manager }) => manager === cn);
});

it('leaves alone what an administrator has set in AD', async () => {
  const ray = await company.hire('Ray', 'ray@contoso.example');
  const { entry } = await company.shows('Ray', ray, ({ isEnabled }) => isEnabled);
  await company.writeInAd(entry.dn, 'proxyAddresses', 'SMTP:ray@contoso.example', 'x500:/o=Contoso/cn=ray');
  await company.change('users', ray, { jobTitle: 'Mailbox user' });
  const seen = await company.shows('the title', ray, ({ value }) => value('title') === 'Mailbox user');
  expect(seen.entry.values.get('proxyaddresses')).toHaveLength(2);
});

it('leaves an account disabled that an administrator has disabled, until the cloud has its say', async () => {
  const max = await company.hire('Max', 'max@contoso.example');
  const { entry } = await company.shows('Max', max, ({ isEnabled }) => isEnabled);
  await company.writeInAd(entry.dn, 'userAccountControl', '514');
  await company.change('users', max, { jobTitle: 'On leave' });
  const seen = await company.shows('the title', max, ({ value }) => value('title') === 'On leave');
  expect(seen.isEnabled).toBe(false);
  await company.change('users', max, { accountEnabled: false, jobTitle: 'Away' });
  await company.shows('the other title', max, ({ value }) => value('title') === 'Away');
  await company.change('users', max, { accountEnabled: true });
  await company.shows('enabled again', max, ({ isEnabled }) => isEnabled);
});
