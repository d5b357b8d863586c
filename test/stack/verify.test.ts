import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GraphCaller, graphCaller } from '../../local/graph-caller.ts';
import { measureYardstick } from '../../local/measure/yardstick.ts';
import { onPremisesFrom, saveDisabledOnPremises, saveOnPremises } from '../../local/verify/baseline.ts';
import { readDirectory } from '../../local/verify/directory-state.ts';
import { isBelow } from '../../local/verify/dn.ts';
import { directoryName, type VerifyEndpoints } from '../../local/verify/endpoints.ts';
import { verifyOnce } from '../../local/verify/verify.ts';
import { type DomainControllerFixture, startDomainController } from '../fixtures/domain-controller.ts';
import { startTenant, type TestTenant } from '../fixtures/tenant.ts';
import {
  accountOf,
  cleosAccount,
  cns,
  fillDestination,
  fillOnPremises,
  fillTenant,
  Hands,
  ids,
} from './small-world.ts';

let controller: DomainControllerFixture;
let tenant: TestTenant;
let hands: Hands;
let graph: GraphCaller;
let folder: string;
let endpoints: VerifyEndpoints;
let sam: { sid: string; dn: string };

beforeAll(async () => {
  [controller, tenant] = await Promise.all([startDomainController(), startTenant()]);
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  const { url, baseDn, destination, adminDn, adminPassword } = controller.dc;
  endpoints = {
    graph: { url: tenant.url, token: tenant.adminToken, caFile: tenant.caFile },
    directory: { url, caFile: controller.caFile, baseDn, destination, adminDn, adminPassword },
  };
  await writeFile(join(folder, 'endpoints.json'), JSON.stringify(endpoints));
  sam = await fillOnPremises(controller);
  await fillTenant(tenant, sam.sid);
  const place = { folder, directory: directoryName(endpoints.directory) };
  await saveOnPremises(place, onPremisesFrom(await readDirectory(endpoints.directory)));
  hands = await Hands.at(controller);
  graph = await graphCaller(endpoints.graph);
  await fillDestination(hands, sam.dn);
});

afterAll(async () => {
  graph?.close();
  await hands?.close();
  await Promise.all([tenant?.stop(), controller?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const look = () => verifyOnce({ endpoints, folder }, graph);

/** The differences as `kind cn-or-what`, which is all that a test wants to compare. */
async function differences(): Promise<string[]> {
  const { differences: found } = await look();
  return found.map(({ kind, what, dn = '' }) => `${kind} · ${dn.split(/(?<!\\),/)[0]} · ${what}`);
}

type Break = {
  what: string;
  apply: () => Promise<unknown>;
  expected: string[];
  mend: () => Promise<unknown>;
};

/** Twenty ways to break AD. Each is mended before the next, so that each is alone. */
const breaks = (): Break[] => {
  const { ada, bob, cleo, lea, team, room, hidden } = Object.fromEntries(
    Object.entries(cns).map(([name, cn]) => [name, hands.dn(cn)]),
  ) as typeof cns;
  const elsewhere = (dn: string) => dn.replace(controller.dc.destination, controller.dc.onPremisesOu);
  const createCleo = () => hands.user(cns.cleo, cleosAccount);
  const stranger = accountOf('99999999-0000-4000-8000-000000000009', 'nobody', 'Nobody');
  return [
    {
      what: 'an attribute',
      apply: () => hands.set(ada, 'title', 'Boss'),
      expected: ['attribute · CN=Åda Βyron_00000000000a · title'],
      mend: () => hands.set(ada, 'title', 'Analyst'),
    },
    {
      what: 'one of several values',
      apply: () => hands.set(ada, 'otherTelephone', '+44 2'),
      expected: ['attribute · CN=Åda Βyron_00000000000a · otherTelephone'],
      mend: () => hands.set(ada, 'otherTelephone', '+44 2', '+44 3'),
    },
    {
      what: 'the number of a country',
      apply: () => hands.set(bob, 'countryCode', '0'),
      expected: ['attribute · CN=Bob\\, the \\"Builder\\"_00000000000b · countryCode'],
      mend: () => hands.set(bob, 'countryCode', '826'),
    },
    {
      what: 'a manager',
      apply: () => hands.set(ada, 'manager', bob),
      expected: ['manager · CN=Åda Βyron_00000000000a · has another manager'],
      mend: () => hands.set(ada, 'manager', sam.dn),
    },
    {
      what: 'no manager',
      apply: () => hands.set(bob, 'manager'),
      expected: ['manager · CN=Bob\\, the \\"Builder\\"_00000000000b · has no manager'],
      mend: () => hands.set(bob, 'manager', ada),
    },
    {
      what: 'an issued name',
      apply: () => hands.set(cleo, 'sAMAccountName', 'cleo3'),
      expected: ['name · CN=Cleo_00000000000c · sAMAccountName'],
      mend: () => hands.set(cleo, 'sAMAccountName', 'cleo2'),
    },
    {
      what: 'an extension attribute that the cloud does not have',
      apply: () => hands.set(cleo, 'extensionAttribute7', 'x'),
      expected: ['attribute · CN=Cleo_00000000000c · extensionAttribute7'],
      mend: () => hands.set(cleo, 'extensionAttribute7'),
    },
    {
      what: 'a leaver with rights',
      apply: () => hands.set(lea, 'userAccountControl', '512'),
      expected: ['account-control · CN=Lea_00000000000f · should be disabled'],
      mend: () => hands.set(lea, 'userAccountControl', '514'),
    },
    {
      what: 'a member that should be hidden',
      apply: () => hands.member('add', hidden, bob),
      expected: ['extra-member · CN=Hidden_000000000003 · shows a member of a group that hides them'],
      mend: () => hands.member('delete', hidden, bob),
    },
    {
      what: 'a missing member',
      apply: () => hands.member('delete', team, sam.dn),
      expected: ['missing-member · CN=Team \\+ more_000000000001 · does not list a member'],
      mend: () => hands.member('add', team, sam.dn),
    },
    {
      what: 'an extra member',
      apply: () => hands.member('add', room, cleo),
      expected: ['extra-member · CN=Room_000000000002 · lists a member that the cloud does not'],
      mend: () => hands.member('delete', room, cleo),
    },
    {
      what: 'a userAccountControl bit',
      apply: () => hands.set(cleo, 'userAccountControl', '544'),
      expected: ['account-control · CN=Cleo_00000000000c · should be enabled'],
      mend: () => hands.set(cleo, 'userAccountControl', '512'),
    },
    {
      what: 'a groupType',
      apply: () => hands.set(team, 'groupType', '8'),
      expected: ['group-type · CN=Team \\+ more_000000000001 · groupType'],
      mend: () => hands.set(team, 'groupType', '-2147483640'),
    },
    {
      what: 'a mark',
      apply: () => hands.set(cleo, 'adminDescription'),
      expected: ['mark · CN=Cleo_00000000000c · adminDescription'],
      mend: () => hands.set(cleo, 'adminDescription', `User_${ids.cleo}`),
    },
    {
      what: 'a foreign entry',
      apply: () => hands.contact('Door bell'),
      expected: ['foreign-entry · CN=Door bell · is in the destination without a mark'],
      mend: () => hands.remove(hands.dn('Door bell')),
    },
    {
      what: 'an extra entry',
      apply: () => hands.user('Nobody_000000000009', stranger),
      expected: ['extra-entry · CN=Nobody_000000000009 · belongs to nothing in the tenant'],
      mend: () => hands.remove(hands.dn('Nobody_000000000009')),
    },
    {
      what: 'the wrong OU',
      apply: () => hands.move(cleo, elsewhere(cleo)),
      expected: [`wrong-place · CN=Cleo_00000000000c · is not directly in ${controller.dc.destination}`],
      mend: () => hands.move(elsewhere(cleo), cleo),
    },
    {
      what: 'a touched synced user',
      apply: () => hands.set(sam.dn, 'department', 'IT'),
      expected: ['synced-touched · CN=sam · department'],
      mend: () => hands.set(sam.dn, 'department'),
    },
    {
      what: 'a missing entry',
      apply: () => hands.remove(cleo),
      expected: ['missing-entry ·  · Cleo has no entry'],
      mend: createCleo,
    },
    {
      what: 'another SID after leaving and returning',
      apply: () => hands.remove(cleo).then(createCleo),
      expected: ['identity · CN=Cleo_00000000000c · is not the same account as before (SID)'],
      mend: () => rm(join(folder, 'identities.json')),
    },
  ];
};

describe('the verifier, on a real directory', () => {
  it('finds nothing where tenant and AD agree', async () => {
    const verdict = await look();
    expect(verdict.differences).toEqual([]);
    expect(verdict.counts).toEqual({ users: 4, groups: 3, memberships: 4 });
    expect((await graph.call('DELETE', `/users/${ids.lea}`)).status).toBe(204);
    await hands.set(hands.dn(cns.lea), 'userAccountControl', '514');
    expect((await look()).differences).toEqual([]);
  });

  it('reports each of twenty ways to break AD, and nothing else', async () => {
    const ways = breaks();
    expect(ways).toHaveLength(20);
    for (const { what, apply, expected, mend } of ways) {
      await apply();
      expect(await differences(), what).toEqual(expected);
      await mend();
      // The new account of the missing entry is another one: forget the old.
      if (what === 'a missing entry') await rm(join(folder, 'identities.json'));
      expect(await differences(), `after ${what} was mended`).toEqual([]);
    }
  });

  it('wants an account that an administrator has disabled to stay disabled', async () => {
    const place = { folder, directory: directoryName(endpoints.directory) };
    const cleo = hands.dn(cns.cleo);
    await saveDisabledOnPremises(place, [ids.cleo]);
    expect(await differences()).toEqual(['account-control · CN=Cleo_00000000000c · should be disabled']);
    await hands.set(cleo, 'userAccountControl', '514');
    expect(await differences()).toEqual([]);
    await hands.set(cleo, 'userAccountControl', '512');
    await saveDisabledOnPremises(place, []);
  });

  it('wants a leaver without its sign-in name when somebody else has it', async () => {
    await graph.call('PATCH', `/users/${ids.cleo}`, { userPrincipalName: 'Lea@contoso.example' });
    const [cleo, lea] = [hands.dn(cns.cleo), hands.dn(cns.lea)];
    expect(await differences()).toEqual([
      'name · CN=Cleo_00000000000c · userPrincipalName',
      'name · CN=Lea_00000000000f · userPrincipalName of a leaver',
    ]);
    await hands.set(lea, 'userPrincipalName');
    await hands.set(cleo, 'userPrincipalName', 'Lea@contoso.example');
    expect(await differences()).toEqual([]);
  });

  it('says so with its exit code: 0 the same, 1 different, 2 cannot tell', async () => {
    expect((await run('--json')).code).toBe(0);
    await hands.set(hands.dn(cns.ada), 'title', 'Boss');
    const different = await run('--json');
    expect(different.code).toBe(1);
    expect(JSON.parse(different.output)).toMatchObject({
      ...{ users: 4, groups: 3, memberships: 4 },
      differences: [{ kind: 'attribute', id: ids.ada, what: 'title' }],
    });
    for (const output of [different.output, (await run()).output]) expect(output).not.toMatch(/Boss|Analyst/);
    expect((await run('--values')).output).toContain('Boss');
    const waiting = run('--wait', '30');
    await hands.set(hands.dn(cns.ada), 'title', 'Analyst');
    const waited = await waiting;
    expect(waited.code).toBe(0);
    expect(waited.output).toContain('No difference');
    const nowhere = await run('--folder', join(folder, 'nowhere'));
    expect(nowhere.code).toBe(2);
    expect(nowhere.complaints).toContain('npm start');
  });
});

describe('the yardstick, on a real directory', () => {
  it('writes the same entries with ldapadd and ldapmodify', async () => {
    const { entries } = await readDirectory(endpoints.directory);
    const ours = entries.filter((entry) => isBelow(entry.dn, controller.dc.destination));
    const { dc } = controller;
    const account = { dn: dc.serviceDn, password: dc.servicePassword };
    const { seconds } = await measureYardstick({ ...endpoints.directory, account }, ours);
    expect(seconds).toBeGreaterThan(0);
    const unit = `OU=Yardstick,${controller.dc.baseDn}`;
    const copies = (await readDirectory(endpoints.directory)).entries.filter((entry) =>
      isBelow(entry.dn, unit),
    );
    const told = (list: typeof entries) =>
      list
        .map(({ values, members }) => [values.get('cn'), values.get('useraccountcontrol'), members.length])
        .sort();
    expect(told(copies)).toEqual(told(ours));
  });
});

/** The command as a person runs it. */
function run(...args: string[]): Promise<{ code: number; output: string; complaints: string }> {
  const entry = fileURLToPath(new URL('../../local/verify/main.ts', import.meta.url));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [entry, '--folder', folder, ...args], (_, output, complaints) =>
      resolve({ code: child.exitCode ?? -1, output, complaints }),
    );
  });
}
