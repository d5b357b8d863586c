import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { problemsOf } from '../infra/kql/check-query.ts';
import { root, version } from './delivery.ts';

/** The real script in bash, with an Azure CLI and a curl of ours before the others on the PATH. */
const script = join(root, '.github/publish.sh');
const outputs = {
  FUNCTION_APP_NAME: 'func-1',
  FUNCTION_APP_HOST: 'func-1.example.net',
  WORKSPACE_ID: '/subscriptions/s/workspaces/log-1',
};

/** Answers outputs by their names in the query, queries by the lines that are left, and notes every call. */
const az = `#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$FAKE/calls"
case "$1 $2 $3" in
  'deployment group show')
    while read -r name value; do if [[ "$*" == *".[$name,"* || "$*" == *", $name]"* ]]; then echo "$value"; fi; done < "$FAKE/outputs" ;;
  'functionapp deployment source') exit "$(cat "$FAKE/published")" ;;
  'rest --method post')
    read -r line < "$FAKE/lines" || exit 1
    sed -i 1d "$FAKE/lines"
    [[ $line != refused ]] || exit 1
    [[ $line == nothing ]] || echo "$line" ;;
esac
`;
const curl = `#!/usr/bin/env bash
printf 'curl %s\\n' "$*" >> "$FAKE/calls"
printf '%s' "$(cat "$FAKE/status")"
`;

type Azure = { outputs: Record<string, string>; lines: string[]; status: string; published: number };

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function publish(azure: Partial<Azure> = {}, args?: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'publish-'));
  folders.push(folder);
  const put = (name: string, text: string, mode = 0o644) => writeFileSync(join(folder, name), text, { mode });
  const rows = Object.entries(azure.outputs ?? outputs).map(([name, value]) => `${name} ${value}\n`);
  put('az', az, 0o755);
  put('curl', curl, 0o755);
  put('outputs', rows.join(''));
  put('lines', (azure.lines ?? ['configuration']).map((line) => `${line}\n`).join(''));
  put('status', azure.status ?? '200');
  put('published', String(azure.published ?? 0));
  put('calls', '');
  put('functions.zip', 'zip');
  const { status, stdout, stderr } = spawnSync(
    'bash',
    [script, ...(args ?? [join(folder, 'functions.zip'), version])],
    {
      encoding: 'utf8',
      env: {
        PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
        FAKE: folder,
        AZURE_RESOURCE_GROUP: 'rg-1',
        PUBLISH_TRIES: '4',
        PUBLISH_PAUSE_SECONDS: '0',
      },
    },
  );
  const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
  return { status, stdout, stderr, calls };
}

describe('publishing the package', () => {
  it('goes to the app of the deployment, and ends when the app says that this version has started', () => {
    const { status, stdout, calls } = publish({ lines: ['nothing', 'refused', 'configuration'] });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `func-1 has started with version ${version} (health: 200)\n`,
    });
    const zips = calls.filter((call) => call.startsWith('functionapp'));
    expect(zips).toHaveLength(1);
    expect(zips[0]).toContain('config-zip --resource-group rg-1 --name func-1 --src');
    const queries = calls.filter((call) => call.startsWith('rest'));
    expect(queries).toHaveLength(3);
    expect(queries[0]).toContain(
      '--url https://api.loganalytics.io/v1/subscriptions/s/workspaces/log-1/query',
    );
    expect(queries[0]).toMatch(/TimeGenerated >= datetime\(\d{4}-\d\d-\d\dT[\d:]{8}Z\)/);
    expect(queries[0]).toContain(`AppVersion == '${version}'`);
    const body = /--body (\{.*\}) --query/.exec(queries[0] ?? '')?.[1] ?? '';
    const { query } = JSON.parse(body) as { query: string };
    expect(problemsOf(query)).toEqual([]);
  });

  it('knows the outputs in the casing that Azure may answer', () => {
    const odd = {
      functioN_APP_NAME: 'func-1',
      functioN_APP_HOST: 'func-1.example.net',
      workspacE_ID: '/subscriptions/s/workspaces/log-1',
    };
    expect(publish({ outputs: odd }).status).toBe(0);
  });

  it('takes 403 for an app that answers certain addresses only', () => {
    expect(publish({ status: '403' }).status).toBe(0);
  });

  it.each([
    [
      'an app that answers but is the former version',
      { lines: ['nothing', 'nothing'] },
      /not told.*none.*200/,
    ],
    [
      'an app whose address does not answer',
      { lines: Array<string>(4).fill('configuration'), status: '503' },
      /503/,
    ],
    ['an app that cannot start', { lines: ['the app cannot start'] }, /func-1 cannot start/],
    ['a deployment without outputs', { outputs: {} }, /no output FUNCTION_APP_NAME/],
  ] as const)('fails with %s', (_, azure, words) => {
    const { status, stderr } = publish(azure as Partial<Azure>);
    expect(status).toBe(1);
    expect(stderr).toMatch(words);
  });

  it('fails with a package that is refused, and does not wait', () => {
    const { status, calls } = publish({ published: 3 });
    expect(status).toBe(3);
    expect(calls.some((call) => call.startsWith('rest'))).toBe(false);
  });

  it.each([[[]], [['no-such.zip', '1.0.0']], [[script, "1' or 1==1"]]])(
    'refuses the arguments %j before anything is asked',
    (args) => {
      const { status, calls } = publish({}, args);
      expect({ status, calls }).toEqual({ status: 2, calls: [''] });
    },
  );
});
