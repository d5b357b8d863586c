import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../relay/config.ts';
import { noteRefusals } from '../../relay/connect-site.ts';
import { Secrets } from '../../relay/secrets.ts';
import { WritebackError } from '../../shared/errors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function scene(more: Record<string, string> = {}) {
  const at = (name: string) => join(folder, name);
  const write = (name: 'password' | 'ca' | 'bus', text: string) => writeFileSync(at(name), text);
  write('password', 'first\n');
  write('ca', 'authority');
  write('bus', 'Endpoint=sb://bus.example/');
  const environment = {
    ...{ SERVICEBUS_FILE: at('bus'), DIRECTORY_PASSWORD_FILE: at('password'), DIRECTORY_CA_FILE: at('ca') },
    ...{ DIRECTORY_URL: 'ldaps://dc.wb.example', DIRECTORY_BIND_NAME: 'svc@wb.example' },
    ...{ DIRECTORY_DESTINATION: 'OU=Cloud,DC=wb,DC=example', ...more },
  };
  const secrets = new Secrets(readConfig(environment), environment);
  const refuse = (password: string) => {
    const observe = noteRefusals(secrets, password, () => undefined);
    observe('bind', 1, new WritebackError('credentials-refused'));
  };
  return { secrets, write, refuse, at };
}

it('reads the password and the authority anew, whatever has become of other files', () => {
  const { secrets, write, at } = scene({ APPLICATIONINSIGHTS_CONNECTION_STRING_FILE: join(folder, 'none') });
  expect(secrets.read()).toEqual({ password: 'first', directoryCa: 'authority' });
  rmSync(at('bus'));
  write('password', 'second\n');
  write('ca', 'another');
  expect(secrets.read()).toEqual({ password: 'second', directoryCa: 'another' });
});

it('keeps what a file held before, each for itself, where it cannot be read or is empty', () => {
  const { secrets, write, at } = scene();
  write('password', '');
  write('ca', 'another');
  expect(secrets.read()).toEqual({ password: 'first', directoryCa: 'another' });
  write('password', 'second');
  rmSync(at('ca'));
  expect(secrets.read()).toEqual({ password: 'second', directoryCa: 'another' });
});

it('finds a new password worth a try until that one is refused as well', () => {
  const { secrets, write, refuse } = scene();
  write('password', 'second');
  expect(secrets.haveChanged()).toBe(false);
  write('password', 'first');
  refuse('first');
  expect(secrets.haveChanged()).toBe(false);
  write('password', 'second');
  expect(secrets.haveChanged()).toBe(true);
  // It was read, but the domain controller was away: it has not been tried yet.
  secrets.read();
  expect(secrets.haveChanged()).toBe(true);
  refuse('second');
  expect(secrets.haveChanged()).toBe(false);
});

it('notes a refusal of the password only, and passes everything on', () => {
  const { secrets, write } = scene();
  const seen: unknown[] = [];
  const observe = noteRefusals(secrets, 'first', (...request) => void seen.push(request));
  const away = new WritebackError('directory-unavailable');
  observe('bind', 1, away);
  observe('search', 2, undefined);
  expect(seen).toEqual([
    ['bind', 1, away],
    ['search', 2, undefined],
  ]);
  write('password', 'second');
  expect(secrets.haveChanged()).toBe(false);
});
