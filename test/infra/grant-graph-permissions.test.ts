import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

/** The real script in bash, with an Azure CLI of ours on the PATH. */
const script = fileURLToPath(new URL('../../infra/grant-graph-permissions.sh', import.meta.url));
const fakeAz = fileURLToPath(new URL('fake-az.mjs', import.meta.url));

const principal = '11111111-2222-4333-8444-555555555555';
const graphPrincipal = '99999999-2222-4333-8444-555555555555';
const ids = {
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'Group.Read.All': '5b567255-7703-4780-807c-7be8301ae99b',
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  'Member.Read.Hidden': '658aa5d8-239f-45c4-aa12-864f4fc7e490',
};
type Role = keyof typeof ids;
type Assignment = { id: string; principalId: string; resourceId: string; appRoleId: string };
type Tenant = {
  assignments: Assignment[];
  deployments: Record<string, Record<string, string>>;
  signedOut?: boolean;
  refusesGrants?: boolean;
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const assignment = (role: Role, more: Partial<Assignment> = {}): Assignment => ({
  id: `assignment-of-${role}`,
  principalId: principal,
  resourceId: graphPrincipal,
  appRoleId: ids[role],
  ...more,
});

/** Runs the script; `roles` are those that the principal has of Microsoft Graph afterwards. */
function run(args: readonly string[], tenant: Partial<Tenant> = {}, hasAz = true) {
  const folder = mkdtempSync(join(tmpdir(), 'grant-'));
  folders.push(folder);
  const file = join(folder, 'tenant.json');
  writeFileSync(
    file,
    JSON.stringify({ principal, graphPrincipal, assignments: [], deployments: {}, ...tenant }),
  );
  if (hasAz) copyFileSync(fakeAz, join(folder, 'az'));
  for (const tool of ['bash', 'cat', 'awk', 'env']) symlinkSync(toolPath(tool), join(folder, tool));
  symlinkSync(process.execPath, join(folder, 'node'));
  const { status, stdout, stderr } = spawnSync('bash', [script, ...args], {
    env: { PATH: folder, FAKE_AZ_FILE: file },
    encoding: 'utf8',
  });
  const after = JSON.parse(readFileSync(file, 'utf8')) as Tenant;
  const names = Object.entries(ids);
  const roles = after.assignments
    .filter(({ resourceId, principalId }) => resourceId === graphPrincipal && principalId === principal)
    .map(({ appRoleId }) => names.find(([, id]) => id === appRoleId)?.[0])
    .sort();
  return { status, stdout, stderr, roles, assignments: after.assignments };
}

const toolPath = (name: string): string =>
  spawnSync('bash', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();

const three = ['Group.Read.All', 'GroupMember.Read.All', 'User.Read.All'];

describe('granting the permissions in Microsoft Graph by script', () => {
  it('grants the three, and no other', () => {
    const { status, roles, stdout } = run([principal]);
    expect({ status, roles }).toEqual({ status: 0, roles: three });
    expect(stdout.match(/^granted /gm)).toHaveLength(3);
  });

  it('grants the hidden memberships where they are asked for', () => {
    expect(run(['--hidden-memberships', principal]).roles).toEqual([...three, 'Member.Read.Hidden'].sort());
  });

  it('leaves what is there, and whatever else the principal has', () => {
    const elsewhere = assignment('User.Read.All', { id: 'elsewhere', resourceId: 'another-api' });
    const { status, roles, stdout, assignments } = run([principal], {
      assignments: [assignment('Group.Read.All'), elsewhere],
    });
    expect({ status, roles }).toEqual({ status: 0, roles: three });
    expect(stdout).toMatch(/^already granted {2}Group\.Read\.All$/m);
    expect(assignments).toContainEqual(elsewhere);
    expect(assignments).toContainEqual(assignment('Group.Read.All'));
  });

  it('finds the principal in the outputs of the deployment', () => {
    const deployments = {
      'rg/main': { IDENTITY_PRINCIPAL_ID: principal },
      'rg/cased': { identitY_PRINCIPAL_ID: principal },
      'rg/azd': {},
    };
    expect(run(['--resource-group', 'rg'], { deployments }).roles).toEqual(three);
    const cased = ['--resource-group', 'rg', '--deployment', 'cased'];
    expect(run(cased, { deployments }).roles).toEqual(three);
    const without = run(['--resource-group', 'rg', '--deployment', 'azd'], { deployments });
    expect(without.status).toBe(1);
    expect(without.stderr).toContain('has no output IDENTITY_PRINCIPAL_ID');
    expect(run(['--resource-group', 'other'], { deployments }).status).toBe(1);
  });

  it('changes nothing in a dry run', () => {
    const dry = run(['--dry-run', principal], { assignments: [assignment('User.Read.All')] });
    expect({ status: dry.status, roles: dry.roles }).toEqual({ status: 0, roles: ['User.Read.All'] });
    expect(dry.stdout.match(/^would grant /gm)).toHaveLength(2);
    const revoking = run(['--dry-run', '--revoke', principal], {
      assignments: [assignment('User.Read.All')],
    });
    expect(revoking.roles).toEqual(['User.Read.All']);
    expect(revoking.stdout).toMatch(/^would revoke {5}User\.Read\.All$/m);
  });

  it('revokes all four, and nothing else', () => {
    const elsewhere = assignment('User.Read.All', { id: 'elsewhere', resourceId: 'another-api' });
    const { status, assignments } = run(['--revoke', principal], {
      assignments: [assignment('User.Read.All'), assignment('Member.Read.Hidden'), elsewhere],
    });
    expect({ status, assignments }).toEqual({ status: 0, assignments: [elsewhere] });
  });

  it.each([
    ['nobody', []],
    ['no id', ['somebody']],
    ['two', [principal, principal]],
    ['an id and a group', [principal, '--resource-group', 'rg']],
    ['an option that it does not know', ['--force', principal]],
    ['an option without its value', ['--resource-group']],
  ])('exits 2 for wrong arguments: %s', (_, args) => {
    const { status, stderr, roles } = run(args);
    expect({ status, roles }).toEqual({ status: 2, roles: [] });
    expect(stderr).toContain('--help');
  });

  it.each([
    ['nobody is signed in', { signedOut: true }, 'az login'],
    ['the user may not grant', { refusesGrants: true }, 'Privileged Role Administrator'],
  ])('exits 1 and says so where %s', (_, tenant, text) => {
    const { status, stderr } = run([principal], tenant);
    expect(status).toBe(1);
    expect(stderr).toContain(text);
  });

  it('exits 1 where the service principal is not there (yet), and where there is no az', () => {
    const unknown = run(['00000000-0000-4000-8000-000000000000']);
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toContain('may take a minute');
    const without = run([principal], {}, false);
    expect(without.status).toBe(1);
    expect(without.stderr).toContain('not on the PATH');
  });

  it('explains itself', () => {
    const { status, stdout } = run(['--help'], {}, false);
    expect(status).toBe(0);
    for (const option of ['--dry-run', '--revoke', '--hidden-memberships', '--resource-group'])
      expect(stdout).toContain(option);
  });
});

describe('the script and the templates', () => {
  const read = (name: string): string =>
    readFileSync(new URL(`../../infra/${name}`, import.meta.url), 'utf8');
  const rolesIn = (text: string): string[] =>
    [...text.matchAll(/([\w.]+)'?\s*[=:]\s*'?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/g)]
      .map(([, name, id]) => `${name} ${id}`)
      .filter((role) => /^(User|Group|GroupMember|Member)\./.test(role))
      .sort();

  it('grant the same', () => {
    const roles = rolesIn(read('grant-graph-permissions.sh'));
    expect(roles).toHaveLength(4);
    expect(rolesIn(read('modules/graph-permissions.bicep'))).toEqual(roles);
  });

  it('name the same output', () => {
    expect(read('main.bicep')).toContain('output IDENTITY_PRINCIPAL_ID string');
  });
});
