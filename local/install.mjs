/**
 * Installs what is missing: `node local/install.mjs [--samba]`. Plain JavaScript that runs on Node 20 with nothing installed;
 * `prestart` and `pretest` call it, and it says nothing where there is nothing to do.
 *
 * - npm packages: `npm ci` when node_modules is missing or was installed from another lock file (its hash is kept inside).
 * - with --samba: the Samba AD DC, by apt. Without root or apt it exits with 2 and says what to install.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.installed-from');
const sambaPackages = [
  'samba-ad-dc',
  'samba-ad-provision',
  'samba-dsdb-modules',
  'samba-vfs-modules',
  'winbind',
  'ldb-tools',
  'ldap-utils',
  'krb5-user',
];

await installPackages();
if (process.argv.includes('--samba')) await installSamba();

async function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (read(stamp) === lock) return;
  const outcome = await run('Installing npm packages', 'npm', ['ci', '--loglevel=error'], {
    PATH: systemPath(),
  });
  if (outcome.code !== 0) fail(1, `npm ci failed:\n${outcome.output}`);
  writeFileSync(stamp, lock);
}

async function installSamba() {
  if (process.env.DIRECTORY_URL) return;
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (!isRoot() || !has('apt-get')) fail(2, withoutSamba(missing));
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const lockTimeout = ['-o', 'DPkg::Lock::Timeout=300'];
  const before = runningServices();
  const update = await run('Updating package lists', 'apt-get', ['update', ...lockTimeout], env);
  const install = ['install', '-y', '--no-install-recommends', ...lockTimeout, ...missing];
  const installed = await run(`Installing Samba (${missing.join(' ')})`, 'apt-get', install, env);
  if (installed.code !== 0) {
    const said = `${update.code === 0 ? '' : update.output}${installed.output}`;
    fail(2, `apt-get could not install Samba:\n${said}\n${withoutSamba(missing)}`);
  }
  stopServicesStartedSince(before);
}

/** Debian may start a domain member with its own configuration right away; the stack runs its own Samba in its own folder. */
function stopServicesStartedSince(before) {
  const started = runningServices().filter((service) => !before.includes(service));
  if (started.length === 0) return;
  for (const service of started) ask('service', [service, 'stop']);
  say(
    `Stopped what the packages had started by themselves: ${started.join(', ')}. They may start again with the machine;`,
  );
  say(`the stack does not need them: systemctl disable ${started.join(' ')}`);
}

function runningServices() {
  const pidFiles = { 'samba-ad-dc': 'samba', smbd: 'smbd', nmbd: 'nmbd', winbind: 'winbindd' };
  return Object.entries(pidFiles)
    .filter(([, name]) => isAlive(Number(read(`/run/samba/${name}.pid`))))
    .map(([service]) => service);
}

function isAlive(pid) {
  try {
    return pid > 1 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

function missingPackages() {
  if (!has('dpkg-query')) return has('samba') ? [] : sambaPackages;
  return sambaPackages.filter((name) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own format.
    const query = ['-W', '-f', '${db:Status-Status}', name];
    return ask('dpkg-query', query) !== 'installed';
  });
}

function withoutSamba(missing) {
  return `
The local stack needs a domain controller, and Samba cannot be installed from here (that takes root and apt).
Either install these packages, as an administrator of a Debian or Ubuntu machine:

  apt-get install --no-install-recommends ${missing.join(' ')}

or write to a directory that you have: start the relay (npm run relay) with these settings in the environment, and the other
parts as README.md says under "Real parts in place of stand-ins":

  DIRECTORY_URL          ldaps://dc1.example.com
  DIRECTORY_CA_FILE      PEM file of the authority that issued its certificate
  DIRECTORY_BIND_NAME    the service account, and DIRECTORY_PASSWORD or DIRECTORY_PASSWORD_FILE
  DIRECTORY_DESTINATION  the OU to write to, for example OU=Cloud,DC=example,DC=com
`;
}

/** What a short command prints; nothing where it cannot be run. */
function ask(command, args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

/** Runs a command quietly, with a line that shows how long it has been at it; answers what it said. */
function run(title, command, args, env) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const seconds = () => Math.round((Date.now() - startedAt) / 1000);
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const live = process.stderr.isTTY;
    say(`${title} …`);
    const timer = setInterval(() => say(`${title} … ${seconds()} s`, live), live ? 1_000 : 15_000);
    const end = (code) => {
      clearInterval(timer);
      say(`${title}: ${code === 0 ? 'done' : 'failed'} after ${seconds()} s`, live);
      resolve({ code, output: output.split('\n').slice(-40).join('\n') });
    };
    child.once('error', (error) => {
      output += error.message;
      end(1);
    });
    child.once('close', end);
  });
}

/** The search path without our own node_modules/.bin: npm must not run on the Node.js that it is about to remove. */
function systemPath() {
  const own = join(root, 'node_modules');
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(own))
    .join(delimiter);
}

function has(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function isRoot() {
  return process.getuid?.() === 0;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Progress goes to standard error, so that the standard output of a command stays its own. */
function say(text, again = false) {
  process.stderr.write(again ? `\x1b[1A\x1b[2K${text}\n` : `${text}\n`);
}

function fail(code, text) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}
