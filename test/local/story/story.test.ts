import { beforeAll, describe, expect, it } from 'vitest';
import { makeCompany } from '../../../local/company/company.ts';
import { chanceFrom } from '../../../local/company/random.ts';
import type { GraphCaller } from '../../../local/graph-caller.ts';
import { castFrom } from '../../../local/story/cast.ts';
import type { Change } from '../../../local/story/change.ts';
import { Stage } from '../../../local/story/stage.ts';
import { play } from '../../../local/story/story.ts';

/** A Graph that says yes to everything and remembers it, and an administrator of AD likewise. */
function agreeableWorld() {
  const calls: string[] = [];
  const ids = chanceFrom(99);
  const graph: GraphCaller = {
    call: (method, path, body) => {
      calls.push(`${method} ${path} ${JSON.stringify(body ?? null)}`);
      const created = method === 'POST' && ['/users', '/groups'].includes(path);
      return Promise.resolve({ status: 200, body: created ? { id: ids.guid() } : undefined, headers: {} });
    },
    close: () => undefined,
  };
  const tell = (what: string) => (id: string) => {
    calls.push(`AD ${what} ${id}`);
    return Promise.resolve();
  };
  const administrator = {
    disable: tell('disable'),
    disabledByCloud: tell('has seen'),
    release: tell('release'),
  };
  return { graph, administrator, calls };
}

type Played = { changes: readonly Change[]; calls: readonly string[] };

async function played(seed: number): Promise<Played> {
  const { graph, administrator, calls } = agreeableWorld();
  const stage = new Stage({
    ...{ graph, administrator },
    graphUrl: 'https://localhost/v1.0',
    chance: chanceFrom(seed),
    onChange: () => undefined,
    pause: () => Promise.resolve(),
  });
  await play(stage, makeCompany(seed, 'contoso.example'));
  return { changes: stage.changes, calls };
}

describe('the story', () => {
  let one: Played;
  beforeAll(async () => {
    one = await played(1);
  });

  it('has at least 200 changes that AD must show, and some that it must not', async () => {
    for (const { changes } of [one, await played(7), await played(42)]) {
      const silent = changes.filter((change) => change.effect.type === 'nothing');
      expect(changes.length - silent.length).toBeGreaterThanOrEqual(200);
      expect(silent.length).toBeGreaterThanOrEqual(10);
    }
  });

  it('is the same for the same seed', async () => {
    expect((await played(1)).calls).toEqual(one.calls);
  });

  it.each([
    ['joiners', /^POST \/users /],
    ['leavers', /^DELETE \/users\/[^/]+ /],
    ['returners', /^POST \/directory\/deletedItems\/.*\/restore/],
    ['purges', /^DELETE \/directory\/deletedItems\//],
    ['members in bulk', /"members@odata.bind":(\["[^"]+"(,"[^"]+"){19}\])/],
    ['disabled accounts', /"accountEnabled":false/],
    ['cleared values', /"jobTitle":null/],
    ['new sign-in names', /"userPrincipalName":"[^"]+\.neu@/],
    ['Microsoft 365 groups', /"groupTypes":\["Unified"\]/],
    ['dynamic groups', /"groupTypes":\["DynamicMembership"\]/],
    ['hidden members', /"visibility":"HiddenMembership"/],
    ['groups that give roles', /"isAssignableToRole":true/],
    ['a change of kind', /^PATCH \/groups\/.*"securityEnabled":true/],
    ['changes of kind by Exchange', /^POST https:.*\/control\/import .*"securityEnabled":(true|false)/],
    ['managers', /^PUT \/users\/[^/]+\/manager\/\$ref/],
    ['no manager any more', /^DELETE \/users\/[^/]+\/manager\/\$ref/],
    ['people who leave the scope', /"userType":"Guest"/],
    ['guests who enter it', /"userType":"Member"/],
    ['extension attributes', /"onPremisesExtensionAttributes":\{"extensionAttribute10"/],
    ['further phones', /"businessPhones":\["[^"]+","[^"]+","[^"]+"\]/],
    ['further addresses', /"otherMails":\["/],
    ['another country', /"country":"new zealand"/],
    ['an account disabled in AD', /^AD disable /],
    ['the cloud’s word on it', /^AD release /],
  ])('has %s', (_, pattern) => {
    expect(one.calls.some((call) => pattern.test(call))).toBe(true);
  });

  it('swaps sign-in names through a third one', () => {
    const named = one.calls.flatMap(
      (call) => /"userPrincipalName":"(swap\.)?([^"]+)"}$/.exec(call)?.slice(1, 3) ?? [],
    );
    expect(named.filter((prefix) => prefix === 'swap.')).toHaveLength(2);
    const at = named.indexOf('swap.');
    expect(named[at + 3]).toBe(named[at + 1]);
  });

  it('hires people under the name of one who left', () => {
    const created = one.calls.flatMap(
      (call) => /^POST \/users .*"userPrincipalName":"([^"]+)"/.exec(call)?.[1] ?? [],
    );
    const cast = castFrom(makeCompany(1, 'contoso.example'), chanceFrom(1));
    for (const { userPrincipalName } of cast.succeeded) expect(created).toContain(userPrincipalName);
  });
});

describe('the cast', () => {
  it('gives nobody two roles that would change the same', () => {
    for (const seed of [1, 7, 42]) {
      const cast = castFrom(makeCompany(seed, 'contoso.example'), chanceFrom(seed));
      const {
        members: _,
        disabled,
        returning,
        synced,
        guests,
        projects,
        departments,
        largest,
        byExchange,
        ...roles
      } = cast;
      expect(
        [disabled, returning, synced, guests, projects, departments].every((list) => list.length > 1),
      ).toBe(true);
      const players = Object.values(roles).flat();
      expect(new Set(players).size).toBe(players.length);
      expect(largest.members.length).toBe(5_000);
      const counts = Object.fromEntries(Object.entries(roles).map(([role, people]) => [role, people.length]));
      expect(counts).toEqual({
        ...{ leavers: 7, succeeded: 3, chiefs: 2, reporters: 9, becomingGuests: 3, swappers: 4, heirs: 4 },
        ...{
          remarried: 3,
          locked: 2,
          movers: 8,
          travellers: 6,
          detailed: 6,
          renamed: 5,
          suspended: 4,
          forgetful: 5,
        },
      });
    }
  });
});
