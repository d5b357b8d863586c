import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { graphCaller } from '../../local/graph-caller.ts';
import { command, lives, type RunningStart, startLive, until } from './start-command.ts';

let running: RunningStart;

afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.exited;
  if (running) await rm(running.folder, { recursive: true, force: true });
});

it('survives kill -9 of every process, and leaves nothing when the supervisor itself is killed', async () => {
  running = await startLive('--telemetry');
  const { graph, processes } = await running.endpoints();
  const admin = await graphCaller(graph);
  const { body } = await admin.call(
    'GET',
    '/users?$filter=accountEnabled eq true&$top=20&$select=id,userType',
  );
  const people = (body as { value: { id: string }[] }).value.map(({ id }) => id);
  for (const [at, [name, pid]] of Object.entries(processes).entries()) {
    process.kill(pid, 'SIGKILL');
    const isBack = async () => ![undefined, pid].includes((await running.endpoints()).processes[name]);
    await until(`${name} is started again`, 30_000, isBack);
    const path = `/users/${people[at]}`;
    const changed = async () =>
      (await admin.call('PATCH', path, { jobTitle: `Survivor of ${name}` }).catch(() => undefined))
        ?.status === 204;
    await until(`a change after ${name}`, 30_000, changed);
  }
  admin.close();
  const verified = await command('local/verify/main.ts', '--wait', '120', '--folder', running.folder);
  expect(verified.code, verified.told).toBe(0);

  const folder = await running.stackFolder();
  const pids = Object.values((await running.endpoints()).processes);
  running.child.kill('SIGKILL');
  await until('every process is gone', 20_000, () => !pids.some(lives));
  await until('the folder is gone', 20_000, () => !existsSync(folder));
  expect(existsSync(`${running.folder}/endpoints.json`)).toBe(false);
});
