import { afterEach, describe, expect, test } from 'vitest';
import { type AppFiles, runHost, startHost, writeApp } from './running-host.ts';

const removals: (() => void)[] = [];
const appOf = (files: AppFiles): string => {
  const app = writeApp(files);
  removals.push(app.remove);
  return app.folder;
};

afterEach(() => {
  for (const remove of removals.splice(0)) remove();
});

const http = (name: string) =>
  `app.http('${name}', { authLevel: 'anonymous', handler: async () => ({ body: '${name}' }) });`;
const esm = (code: string) => `import { app } from '@azure/functions';\n${code}`;

describe('start of the host', () => {
  test('an app whose main matches nothing does not start', async () => {
    const ended = await runHost(appOf({}));
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('no file matches "main"');
  });

  test('an app with a file that throws does not start, and the file is named', async () => {
    const ended = await runHost(
      appOf({
        'dist/functions/a.js': esm(http('a')),
        'dist/functions/b.js': 'throw new Error("broken here");',
      }),
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('dist/functions/b.js');
    expect(ended.stderr).toContain('broken here');
  });

  test('every file of a glob with alternatives is loaded, CommonJS as well', async () => {
    const folder = appOf({
      'package.json': JSON.stringify({ main: 'out/{index.js,functions/*.js}' }),
      'out/index.js': `const { app } = require('@azure/functions');\n${http('fromIndex')}`,
      'out/functions/one.js': `const { app } = require('@azure/functions');\n${http('one')}`,
      'out/other.js': 'throw new Error("not part of the app");',
    });
    const host = await startHost(folder);
    expect(host.functions).toEqual(['fromIndex', 'one']);
    expect(await (await fetch(`${host.url}/api/one`)).text()).toBe('one');
    expect(await host.stop()).toBe(0);
  });

  test('the route prefix comes from host.json, and app settings override that file', async () => {
    const folder = appOf({
      'host.json': JSON.stringify({ version: '2.0', extensions: { http: { routePrefix: 'v9' } } }),
      'dist/functions/a.js': esm(http('a')),
    });
    const fromFile = await startHost(folder);
    expect((await fetch(`${fromFile.url}/v9/a`)).status).toBe(200);
    await fromFile.stop();
    const overridden = await startHost(folder, { AzureFunctionsJobHost__extensions__http__routePrefix: '' });
    expect((await fetch(`${overridden.url}/a`)).status).toBe(200);
    await overridden.stop();
  });

  test('a missing app setting and an unknown trigger are named together', async () => {
    const folder = appOf({
      'dist/functions/a.js': esm(`
        app.timer('tick', { schedule: '%TICK%', handler: () => {} });
        app.serviceBusQueue('queue', { connection: 'BUS', queueName: 'q', handler: () => {} });
        app.storageQueue('other', { connection: 'S', queueName: 'q', handler: () => {} });`),
    });
    const ended = await runHost(folder);
    expect(ended.code).toBe(1);
    for (const part of ['TICK', 'BUS__fullyQualifiedNamespace', 'queueTrigger']) {
      expect(ended.stderr).toContain(part);
    }
  });

  test('wrong settings of the host itself are named, exit 2', async () => {
    const ended = await runHost(appOf({}), [], { HOST_PORT: 'seven', HOST_KEY: '' });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('HOST_PORT');
    expect(ended.stderr).toContain('HOST_KEY');
  });

  test('without settings of its own the host takes those of local.settings.json, and what is set already wins', async () => {
    const folder = appOf({
      'local.settings.json': JSON.stringify({
        IsEncrypted: false,
        Values: { HOST_KEY: 'from-file', GREETING: 'from file', OTHER: 'from file' },
        Host: { LocalHttpPort: 0 },
      }),
      'dist/functions/a.js': esm(
        `app.http('say', { authLevel: 'function', handler: async () => ({ body: process.env.GREETING + ', ' + process.env.OTHER }) });`,
      ),
    });
    const host = await startHost(folder, {
      HOST_KEY: undefined,
      HOST_PORT: undefined,
      OTHER: 'from environment',
    });
    const answer = await fetch(`${host.url}/api/say?code=from-file`);
    expect(await answer.text()).toBe('from file, from environment');
    await host.stop();
  });

  test('--list prints functions and bindings without reaching for anything', async () => {
    const folder = appOf({
      'dist/functions/a.js': esm(`
        ${http('web')}
        app.serviceBusQueue('read', { connection: 'BUS', queueName: 'users', isSessionsEnabled: true, cardinality: 'many', handler: () => {} });
        app.timer('tick', { schedule: '%TICK%', handler: () => {} });`),
    });
    const ended = await runHost(folder, ['--list']);
    expect(ended.code).toBe(0);
    const listed = JSON.parse(ended.stdout) as { name: string; bindings: Record<string, unknown>[] }[];
    expect(listed.map((one) => one.name)).toEqual(['read', 'tick', 'web']);
    expect(listed[0]?.bindings[0]).toMatchObject({
      type: 'serviceBusTrigger',
      direction: 'in',
      queueName: 'users',
      connection: 'BUS',
      isSessionsEnabled: true,
      cardinality: 'many',
    });
    expect(listed[1]?.bindings[0]).toMatchObject({ type: 'timerTrigger', schedule: '%TICK%' });
    expect(listed[2]?.bindings.map((binding) => binding['type'])).toEqual(['httpTrigger', 'http']);
  });
});
