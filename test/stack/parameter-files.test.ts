import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findCompiler } from '../../local/infra/find-compiler.ts';
import { takeTypesFrom } from '../../local/infra/generate.ts';
import { compilerEnvironment, deployment } from '../../local/infra/placeholders.ts';
import { type Ran, runProgram } from '../../local/infra/run-program.ts';
import { typesFolders } from '../../local/infra/types-folders.ts';
import { opennessProblems } from '../infra/openness-problems.ts';
import { at, ofType, type Snapshot } from '../infra/snapshot.ts';

/** The parameter files and the real compiler, with an environment in which something was forgotten. */
const root = join(import.meta.dirname, '..', '..');
const isRequired = process.env['WRITEBACK_INFRA'] === 'required';
const compiler = await findCompiler(join(root, 'infra', 'bicep.csproj'), join(root, '.local', 'bicep')).catch(
  () => undefined,
);

let folder: string;
let hasTypes = false;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wb-parameters-'));
  cpSync(join(root, 'infra'), folder, { recursive: true });
  takeTypesFrom(await typesFolders(root), folder);
  hasTypes = compiler !== undefined && !(await parametersOf('dev.bicepparam')).stderr.includes('BCP192');
});
beforeEach((context) => {
  if (!hasTypes && !isRequired) context.skip('the types of the Graph extension cannot be had here');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bicep(args: string[], forgotten: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const env = { ...compilerEnvironment(process.env), ...forgotten };
  const ran = await runProgram(compiler?.path ?? 'bicep', args, { cwd: folder, env });
  if (ran === undefined) throw new Error('there is no compiler');
  return ran;
}

const parametersOf = (file: string, forgotten?: NodeJS.ProcessEnv): Promise<Ran> =>
  bicep(['build-params', file, '--stdout'], forgotten);

describe.skipIf(compiler === undefined && !isRequired)('the parameter files', () => {
  it.each(['dev', 'prod', 'premium'])('%s takes what it is given', async (name) => {
    expect(await parametersOf(`${name}.bicepparam`)).toMatchObject({ code: 0 });
  });

  // Not set at all, set to nothing (what GitHub gives for a variable that is not there), set to an empty list.
  it.each(
    ['prod', 'premium'].flatMap((name) => [undefined, '', '[]'].map((emails) => [name, emails] as const)),
  )(
    '%s is not deployed while nobody is told of alerts: WRITEBACK_ALERT_EMAILS is %j',
    async (name, emails) => {
      const { code, stderr } = await parametersOf(`${name}.bicepparam`, { WRITEBACK_ALERT_EMAILS: emails });
      expect(code).toBe(1);
      expect(stderr).toContain('WRITEBACK_ALERT_EMAILS must name who is told of an alert');
    },
  );

  it.each(['WRITEBACK_PRIVATE_ENDPOINT_SUBNET_ID', 'WRITEBACK_FUNCTIONS_SUBNET_ID'])(
    'premium is not deployed without a network: %s',
    async (variable) => {
      for (const value of [undefined, '']) {
        const { code, stderr } = await parametersOf('premium.bicepparam', { [variable]: value });
        expect(code).toBe(1);
        expect(stderr).toContain(`${variable} must be the resource id of a subnet`);
      }
    },
  );

  it('nothing but a name is enough for the template: nobody is told, no relay, no network, and no key either', async () => {
    writeFileSync(join(folder, 'bare.bicepparam'), "using 'main.bicep'\n\nparam environmentName = 'bare'\n");
    const ran = await bicep(['snapshot', 'bare.bicepparam', ...deployment]);
    expect(ran).toMatchObject({ code: 0 });
    const snapshot = JSON.parse(readFileSync(join(folder, 'bare.snapshot.json'), 'utf8')) as Snapshot;
    expect(opennessProblems(snapshot)).toEqual([]);
    expect(ofType(snapshot, 'Microsoft.Insights/actionGroups')).toEqual([]);
    expect(ofType(snapshot, 'Microsoft.Graph/appRoleAssignedTo@v1.0')).toEqual([]);
    const alerts = ofType(snapshot, 'Microsoft.Insights/scheduledQueryRules');
    expect(alerts.length).toBeGreaterThan(5);
    expect(alerts.map((alert) => at(alert, 'properties.actions.actionGroups'))).toEqual(alerts.map(() => []));
  });
});
