import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const installer = fileURLToPath(new URL('../../local/install.mjs', import.meta.url));
const lock = '{"lockfileVersion":3}';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'install-'));
  for (const name of ['local', 'bin', 'node_modules']) mkdirSync(join(folder, name));
  copyFileSync(installer, join(folder, 'local/install.mjs'));
  writeFileSync(join(folder, 'package-lock.json'), lock);
  writeFileSync(join(folder, 'node_modules/.installed-from'), hashOf(lock));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program on the search path that notes its arguments. */
const program = (name: string, script = '') =>
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\necho "${name} $*" >> '${folder}/calls'\n${script}\n`, {
    mode: 0o755,
  });

const calls = (): string[] =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n') : [];

const install = (args: string[] = [], env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'local/install.mjs'), ...args],
    {
      encoding: 'utf8',
      env: { PATH: `${join(folder, 'node_modules/.bin')}:${join(folder, 'bin')}`, ...env },
    },
  );
  return { status, stdout, stderr };
};

const noSamba = `case "$*" in *winbind) printf installed;; *) exit 1;; esac`;

describe('npm packages', () => {
  test('nothing happens, and nothing is said, where they were installed from this lock file', () => {
    program('npm');
    expect(install()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(calls()).toEqual([]);
  });

  test.each(['a changed lock file', 'missing packages'])('%s installs them, once', (what) => {
    program('npm', `/bin/mkdir -p '${folder}/node_modules'`);
    if (what === 'missing packages') rmSync(join(folder, 'node_modules'), { recursive: true });
    else writeFileSync(join(folder, 'package-lock.json'), '{}');
    expect(install().status).toBe(0);
    expect(install().status).toBe(0);
    expect(calls()).toEqual(['npm ci --loglevel=error']);
  });

  test('a failure is shown and tried again the next time', () => {
    writeFileSync(join(folder, 'package-lock.json'), '{}');
    program('npm', 'echo "registry is away" >&2; exit 1');
    expect(install()).toMatchObject({ status: 1, stderr: expect.stringContaining('registry is away') });
    expect(install().status).toBe(1);
    expect(calls()).toHaveLength(2);
  });
});

describe('Samba', () => {
  test('only the missing packages are installed, without asking', () => {
    program('dpkg-query', noSamba);
    program('apt-get', `echo "$DEBIAN_FRONTEND" >> '${folder}/calls'`);
    const outcome = install(['--samba']);
    expect(outcome.status).toBe(0);
    const [update, first, installing] = calls().filter((call) => !call.startsWith('dpkg-query'));
    expect(update).toMatch(/^apt-get update/);
    expect(first).toBe('noninteractive');
    expect(installing).toMatch(/^apt-get install -y --no-install-recommends/);
    expect(installing).toContain('samba-ad-dc');
    expect(installing).not.toContain('winbind');
  });

  test('without apt the packages and the way to an existing directory are named, exit 2', () => {
    program('dpkg-query', noSamba);
    const { status, stderr } = install(['--samba']);
    expect(status).toBe(2);
    for (const word of ['samba-ad-dc', 'krb5-user', 'DIRECTORY_URL', 'DIRECTORY_DESTINATION']) {
      expect(stderr).toContain(word);
    }
  });

  test('it is not needed where DIRECTORY_URL points to a directory, or nobody asks', () => {
    program('dpkg-query', noSamba);
    expect(install(['--samba'], { DIRECTORY_URL: 'ldaps://dc1.example.com' }).status).toBe(0);
    expect(install().status).toBe(0);
    expect(calls()).toEqual([]);
  });
});
