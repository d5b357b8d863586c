import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { externals, pilot, wave } from './configs/pilot.config.ts';
import { SmallCompany } from './small-company.ts';

/**
 * A careful administrator begins with a pilot group, takes its guests in, keeps externals out, and moves leavers to an OU of their
 * own: test/e2e/configs/pilot.config.ts says so.
 */
let company: SmallCompany;
const config = fileURLToPath(new URL('./configs/pilot.config.ts', import.meta.url));
const ada = '61000000-0000-4000-8000-00000000000a';
const bob = '61000000-0000-4000-8000-00000000000b';
const eve = '61000000-0000-4000-8000-00000000000c';
const gast = '61000000-0000-4000-8000-00000000000d';
const mallory = '61000000-0000-4000-8000-00000000000e';

beforeAll(async () => {
  company = await SmallCompany.found('--config', config);
  const person = (id: string, name: string, more = {}) => ({
    ...{ id, displayName: name, mailNickname: name.toLowerCase(), accountEnabled: true, userType: 'Member' },
    ...{
      userPrincipalName: `${name.toLowerCase()}@contoso.example`,
      jobTitle: 'Pilot',
      mobilePhone: '+49 1',
      ...more,
    },
  });
  const group = (id: string, displayName: string, members: string[]) => ({
    ...{ id, displayName, members, mailNickname: 'x' },
    ...{ mailEnabled: false, securityEnabled: true, groupTypes: [] },
  });
  await company.import({
    users: [
      ...[person(ada, 'Ada'), person(bob, 'Bob'), person(eve, 'Eve'), person(mallory, 'Mallory')],
      person(gast, 'Gast', { userType: 'Guest', mail: 'gast@partner.example' }),
    ],
    groups: [
      group(pilot, 'Pilot', [ada, gast, mallory, wave]),
      group(wave, 'Team Wave', [bob]),
      group(externals, 'Not this one', [mallory]),
    ],
  });
});

afterAll(() => company?.close());

it('writes the members of the pilot group, direct and nested, its guests too, and nobody else', async () => {
  for (const id of [ada, bob, gast]) await company.shows(`${id} is written`, id, (seen) => seen.isEnabled);
  await company.shows('the wave is a member', pilot, ({ members }) => members.length === 3);
  expect((await company.see(pilot))?.members).toEqual(['Ada_00000000000a', 'Gast_00000000000d', 'Team Wave']);
  expect(await company.see(eve)).toBeUndefined();
  expect(await company.see(mallory)).toBeUndefined();
  expect(await company.see(externals)).toBeUndefined();
});

it('writes attributes as the configuration says, and no others', async () => {
  const seen = await company.shows('Ada is written', ada, () => true);
  expect(seen.value('title')).toBeUndefined();
  await company.change('users', ada, { mobilePhone: null, companyName: 'Contoso' });
  const later = await company.shows('the company', ada, ({ value }) => value('company') === 'Contoso');
  expect(later.value('mobile')).toBe('+49 1');
});

it('follows the group: who enters is written, who leaves goes to the leavers, and returns as the same account', async () => {
  await company.addMember(wave, eve);
  await company.shows('Eve is in', eve, ({ unit, isEnabled }) => unit === 'Cloud' && isEnabled);
  const before = await company.shows('Bob is in', bob, ({ unit }) => unit === 'Cloud');
  await company.removeMember(wave, bob);
  await company.shows('Bob has left', bob, ({ unit, isEnabled }) => unit === 'Leavers' && !isEnabled);
  await company.addMember(wave, bob);
  const after = await company.shows(
    'Bob is back',
    bob,
    ({ unit, isEnabled }) => unit === 'Cloud' && isEnabled,
  );
  expect(after.entry.sid).toBe(before.entry.sid);
  await company.shows('the wave', wave, ({ members }) => members.length === 2);
});

it('moves who is deleted to the leavers, brings back who is restored, and deletes who is purged', async () => {
  const before = await company.shows('Ada is in', ada, ({ unit }) => unit === 'Cloud');
  await company.dismiss('users', ada);
  await company.shows('Ada has left', ada, ({ unit, isEnabled }) => unit === 'Leavers' && !isEnabled);
  await company.shows('and is in no group', pilot, ({ members }) => members.length === 2);
  await company.restore(ada);
  const after = await company.shows(
    'Ada is back',
    ada,
    ({ unit, isEnabled }) => unit === 'Cloud' && isEnabled,
  );
  expect(after.entry.sid).toBe(before.entry.sid);
  await company.shows('and is in her group', pilot, ({ members }) => members.length === 3);
  await company.dismiss('users', ada);
  await company.purge(ada);
  await company.isGone('Ada is gone', ada);
});

it('empties a group that is deleted, and fills it again', async () => {
  const before = await company.shows('the wave', wave, ({ members }) => members.length === 2);
  expect(before.value('groupType')).toBe('-2147483640');
  await company.dismiss('groups', wave);
  await company.shows(
    'without rights and members',
    wave,
    ({ value, members }) => value('groupType') === '8' && members.length === 0,
  );
  await company.restore(wave);
  const after = await company.shows(
    'as before',
    wave,
    ({ value, members }) => value('groupType') !== '8' && members.length === 2,
  );
  expect(after.entry.sid).toBe(before.entry.sid);
});
