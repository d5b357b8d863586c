/**
 * A supervisor with two cheap parts, as a process that tests can kill: `polite` ends at the end of its standard input;
 * `stubborn` ignores end-of-file and every signal that can be ignored, and has a child in its process group.
 * Prints `{"processes":{…},"child":pid}` whenever something was started.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopOnSignal } from '../../local/stack/stop-on-signal.ts';
import { makeSupervisor } from '../../local/stack/supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'sup-'));
const file = process.argv[2] ?? '';
const children: number[] = [];

const say = (): void => {
  process.stdout.write(
    `${JSON.stringify({ folder, processes: supervisor.processes(), restarts: supervisor.restarts(), children })}\n`,
  );
};
const supervisor = makeSupervisor({
  folder,
  readyMs: 5_000,
  graceMs: 300,
  onLine: (_part, line) => {
    const { child } = line as { child?: number };
    if (child !== undefined) children.push(child);
  },
  onProgress: () => undefined,
  onProcesses: say,
});
supervisor.removeAtEnd(file);
stopOnSignal(() => supervisor.stop(['stubborn']));
writeFileSync(file, JSON.stringify({ mine: folder }));

const polite = `process.stdin.on('end', () => process.exit(0)).resume(); console.log('{"ready":"polite"}');`;
const stubborn = `
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
const child = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'ignore' });
console.log(JSON.stringify({ child: child.pid }));
console.log('{"ready":"stubborn"}');
setInterval(() => {}, 1000);`;

const part = (name: string, code: string) =>
  supervisor.start({
    name,
    file: process.execPath,
    args: ['-e', code],
    settings: { PATH: process.env['PATH'] ?? '' },
    ready: 'line',
  });
await Promise.all([part('polite', polite), part('stubborn', stubborn)]);
process.stdout.write('{"up":true}\n');
