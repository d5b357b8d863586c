import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startHost, writeApp } from './running-host.ts';

const app = (code: string) =>
  writeApp({ 'dist/functions/a.js': `import { app } from '@azure/functions';\n${code}` });

test('a timer fires on its schedule from an app setting, one invocation at a time', async () => {
  const { folder, remove } = app(`
    let running = 0;
    app.timer('tick', { schedule: '%TICK%', handler: async (timer, context) => {
      running += 1;
      await new Promise((resolve) => setTimeout(resolve, 1200));
      context.log(JSON.stringify({ running, isPastDue: timer.isPastDue, keys: Object.keys(timer).sort() }));
      running -= 1;
    } });`);
  const host = await startHost(folder, { TICK: '* * * * * *' });
  const said = (nth: number) => {
    let left = nth;
    return host.line((line) => line['function'] === 'tick' && line['message'] !== 'Executed' && left-- === 1);
  };
  const second = await said(2);
  expect(JSON.parse(String(second['message']))).toEqual({
    running: 1,
    isPastDue: false,
    keys: ['isPastDue', 'schedule', 'scheduleStatus'],
  });
  await host.stop();
  remove();
});

test('runOnStartup runs at once; POST /admin/functions/<name> with the key runs a timer by hand', async () => {
  const { folder, remove } = app(`
    app.timer('early', { schedule: '0 0 0 1 1 *', runOnStartup: true, handler: (_, context) => context.log('ran early') });
    app.timer('late', { schedule: '0 0 0 1 1 *', handler: (_, context) => context.log('ran late') });`);
  const host = await startHost(folder);
  await host.line((line) => line['message'] === 'ran early');
  const byHand = (headers: Record<string, string>) =>
    fetch(`${host.url}/admin/functions/late`, { method: 'POST', headers, body: '{}' });
  expect((await byHand({})).status).toBe(401);
  expect((await byHand({ 'x-functions-key': 'secret' })).status).toBe(202);
  await host.line((line) => line['message'] === 'ran late');
  await host.stop();
  remove();
});

test('an occurrence that passed while the host was away runs at start and is past due', async () => {
  const { folder, remove } = app(
    `app.timer('daily', { schedule: '0 0 0 * * *', handler: (timer, context) => context.log('pastDue ' + timer.isPastDue) });`,
  );
  const state = join(folder, 'state');
  mkdirSync(state);
  const status = {
    last: '2026-01-01T00:00:00.000Z',
    next: '2026-01-02T00:00:00.000Z',
    lastUpdated: '2026-01-01T00:00:00.000Z',
  };
  writeFileSync(join(state, 'timer-daily.json'), JSON.stringify(status));
  const host = await startHost(folder, { HOST_STATE_DIR: state });
  await host.line((line) => line['message'] === 'pastDue true');
  await host.line((line) => line['message'] === 'Executed');
  await host.stop();
  const again = await startHost(folder, { HOST_STATE_DIR: state });
  await again.stop();
  expect(again.lines.filter((line) => line['function'] === 'daily')).toEqual([]);
  remove();
});
