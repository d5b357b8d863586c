import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../local/stack/build-app.ts';

/** What `npm run package` makes, in a folder that no node_modules is above of. */
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
let scratch: string;
let out: string;
let app: string;
let first: Made;
let foldersBefore: string[];

type Made = { zip: { bytes: number; sha256: string }; relay: { sha256: string }; loadMs: number };
type Ended = { status: number | null; stdout: string; stderr: string };

beforeAll(() => {
  foldersBefore = packageFolders();
  scratch = mkdtempSync(join(tmpdir(), 'packaged-'));
  out = join(scratch, 'package');
  const made = makePackage('--json', '--out', out);
  expect(made.status, made.stderr).toBe(0);
  first = JSON.parse(made.stdout) as Made;
  app = join(scratch, 'unpacked');
  unpack(join(out, 'functions.zip'), app);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function node(args: readonly string[], env: Record<string, string> = {}): Ended {
  const inherited = { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir() };
  return spawnSync(process.execPath, args, { cwd: scratch, encoding: 'utf8', env: { ...inherited, ...env } });
}

const makePackage = (...args: string[]): Ended => node([join(root, 'local/package/main.ts'), ...args]);

function unpack(zip: string, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(zip)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function functionsOf(appDir: string): unknown[] {
  const { status, stdout, stderr } = node([join(root, 'local/host/main.ts'), '--list'], {
    HOST_APP_DIR: appDir,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as unknown[];
}

/** The folders in which packages are made, wherever they are. */
const packageFolders = (): string[] =>
  [tmpdir(), join(root, '.local')].flatMap((place) =>
    existsSync(place) ? readdirSync(place).filter((name) => name.startsWith('package-')) : [],
  );

function hasPackagesAbove(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules'))) return true;
  return dirname(folder) !== folder && hasPackagesAbove(dirname(folder));
}

describe('the Functions app', () => {
  it('has the functions and bindings of the built one, without node_modules', async () => {
    const { appDir } = await buildApp(root);
    const listed = functionsOf(app);
    expect(listed.length).toBeGreaterThan(8);
    expect(listed).toEqual(functionsOf(appDir));
    expect(hasPackagesAbove(app)).toBe(false);
  });

  it('is a small zip that needs no installation and brings its licences', () => {
    expect(statSync(join(out, 'functions.zip')).size).toBeLessThan(10_000_000);
    const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as object;
    expect(Object.keys(manifest)).not.toContain('dependencies');
    expect(manifest).toMatchObject({ type: 'module', main: 'functions/*.js', engines: { node: '>=22.12' } });
    expect(readFileSync(join(app, 'host.json'))).toEqual(readFileSync(join(root, 'host.json')));
    expect(readdirSync(join(app, 'functions')).every((name) => name.endsWith('.js'))).toBe(true);
    const notices = readFileSync(join(app, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['@azure/functions', '@azure/service-bus', 'ldapts', 'zod'])
      expect(notices).toMatch(new RegExp(`^${name} \\d[^\\n]* \\(MIT\\)$`, 'm'));
  });

  it('is the same, byte for byte, when it is made again', () => {
    const again = makePackage('--json', '--out', out);
    const { zip, relay } = JSON.parse(again.stdout) as Made;
    expect([zip.sha256, relay.sha256]).toEqual([first.zip.sha256, first.relay.sha256]);
  });
});

describe('the relay', () => {
  it('starts from its one file and says what it misses', () => {
    const { status, stderr } = node([join(out, 'relay.mjs')]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/"configuration refused".*DIRECTORY_URL: is required/);
  });

  it('tells its version and what it is', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(node([join(out, 'relay.mjs'), '--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
    expect(node([join(out, 'relay.mjs'), '--help']).stdout).toContain('--env-file');
  });
});

describe('npm run package', () => {
  it('[config.validated] packages nothing with a wrong configuration, and says what is wrong', () => {
    const folder = mkdtempSync(join(root, '.local/config-test-'));
    const config = join(folder, 'wrong.config.ts');
    const places = `import { defineConfig } from '../../shared/configuration/define-config.ts';`;
    writeFileSync(config, `${places}\nexport default defineConfig({ users: { deny: ['x'] } });\n`);
    const before = readFileSync(join(out, 'functions.zip'));
    const { status, stderr } = makePackage('--out', out, '--config', config);
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toContain('users.deny[0] must be an object id');
    expect(readFileSync(join(out, 'functions.zip'))).toEqual(before);
  });

  it('compiles the configuration that is named into the app', () => {
    const folder = mkdtempSync(join(root, '.local/config-test-'));
    const config = join(folder, 'another.config.ts');
    const places = `import { defineConfig } from '../../shared/configuration/define-config.ts';`;
    writeFileSync(config, `${places}\nexport default defineConfig({ revision: 'of-this-test' });\n`);
    const another = join(scratch, 'another');
    const { status, stderr } = makePackage('--out', another, '--config', config);
    rmSync(folder, { recursive: true });
    expect(status, stderr).toBe(0);
    const chunks = join(another, 'functions/chunks');
    const code = readdirSync(chunks).map((name) => readFileSync(join(chunks, name), 'utf8'));
    expect(code.join('')).toContain('of-this-test');
  });

  it.each([
    [['--out', root], /would not be replaced/],
    [['--out', join(root, 'docs')], /would not be replaced/],
    [['--nonsense'], /unknown option/],
  ])('refuses %j with exit code 2', (args, sentence) => {
    const { status, stderr } = makePackage(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  });

  it('leaves nothing but the package behind', () => {
    const left = packageFolders().filter((name) => !foldersBefore.includes(name));
    expect(left).toEqual([]);
    expect(readdirSync(out).sort()).toEqual([
      'THIRD-PARTY-NOTICES.txt',
      'functions',
      'functions.zip',
      'relay.mjs',
    ]);
  });
});
