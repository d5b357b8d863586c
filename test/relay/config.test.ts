import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigProblems, readConfig, redactedConfig } from '../../relay/config.ts';

const complete = {
  SERVICEBUS: 'Endpoint=sb://bus.example/;SharedAccessKeyName=x;SharedAccessKey=bus-secret',
  DIRECTORY_URL: 'ldaps://dc.wb.example',
  DIRECTORY_BIND_NAME: 'svc@wb.example',
  DIRECTORY_PASSWORD: 'directory-secret',
  DIRECTORY_DESTINATION: 'OU=Cloud,DC=wb,DC=example',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (thrown) {
    return thrown instanceof ConfigProblems ? thrown.problems : [String(thrown)];
  }
}

describe('the configuration', () => {
  it('has defaults for everything that needs no decision', () => {
    expect(readConfig(complete)).toMatchObject({
      DIRECTORY_TIMEOUT_MS: 10_000,
      DIRECTORY_CONNECTIONS: 4,
      RELAY_LANES: 16,
      RELAY_LANE_IDLE_MS: 1_000,
      DIRECTORY_ACCEPTED_OWNERS: [],
    });
  });

  it('reports every problem at once, by name and without values', () => {
    const problems = problemsOf({
      ...complete,
      DIRECTORY_URL: 'ldap://plain',
      RELAY_LANES: '0',
      DIRECTORY_PASSWORD: '',
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'DIRECTORY_PASSWORD',
      'DIRECTORY_URL',
      'RELAY_LANES',
    ]);
    expect(problems.join()).not.toContain('plain');
  });

  it('wants Service Bus by connection string or by namespace', () => {
    const { SERVICEBUS: _, ...rest } = complete;
    expect(problemsOf(rest)).toHaveLength(1);
    expect(problemsOf({ ...rest, SERVICEBUS__fullyQualifiedNamespace: 'bus.example' })).toEqual([]);
  });

  it('takes secrets from files', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'from-a-file\n');
    const { DIRECTORY_PASSWORD: _, ...rest } = complete;
    expect(readConfig({ ...rest, DIRECTORY_PASSWORD_FILE: file }).DIRECTORY_PASSWORD).toBe('from-a-file');
    expect(problemsOf({ ...complete, DIRECTORY_PASSWORD_FILE: file })).toHaveLength(1);
    expect(problemsOf({ ...rest, DIRECTORY_PASSWORD_FILE: join(folder, 'none') })).toEqual([
      'DIRECTORY_PASSWORD_FILE: cannot be read',
    ]);
  });

  it('takes SIDs of accepted owners', () => {
    const owners = 'S-1-5-21-1-2-3-512, S-1-5-21-1-2-3-1105';
    expect(readConfig({ ...complete, DIRECTORY_ACCEPTED_OWNERS: owners }).DIRECTORY_ACCEPTED_OWNERS).toEqual([
      'S-1-5-21-1-2-3-512',
      'S-1-5-21-1-2-3-1105',
    ]);
    expect(problemsOf({ ...complete, DIRECTORY_ACCEPTED_OWNERS: 'Domain Admins' })).toHaveLength(1);
  });

  it('refuses debug output that prints passwords', () => {
    expect(problemsOf({ ...complete, NODE_DEBUG: 'http,ldapts' })).toHaveLength(1);
    expect(problemsOf({ ...complete, NODE_DEBUG: 'http' })).toEqual([]);
  });

  it('is logged without its secrets', () => {
    const text = JSON.stringify(redactedConfig(readConfig(complete)));
    expect(text).not.toContain('secret');
    expect(text).toContain('OU=Cloud');
  });
});
