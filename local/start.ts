import { claimFolder } from './stack/claim-folder.ts';
import { PartError } from './stack/part.ts';
import { shortenedWaits } from './stack/shortened-waits.ts';
import { stopOnSignal } from './stack/stop-on-signal.ts';
import { checkMachine } from './start/check-machine.ts';
import { exitCodes, NotFit } from './start/exit-code.ts';
import { type StartOptions, startOptions } from './start/options.ts';
import { isSuccess, onceLines } from './start/report.ts';
import { runLive } from './start/run-live.ts';
import { runOnce } from './start/run-once.ts';
import { type Screen, terminalScreen } from './start/screen.ts';
import { startWorld, type World } from './start/world.ts';

/** `npm start`: everything on this machine, with a company in it. See `npm start -- --help`. */
async function main(options: StartOptions, screen: Screen): Promise<void> {
  await checkMachine(options);
  if (!(await claimFolder(options.folder)))
    throw new NotFit(
      `A stack is running in ${options.folder} already. Stop it with Ctrl-C, or use another clone.`,
    );
  greet(screen);
  const world = await startWorld(options, screen);
  stopOnSignal(async () => {
    screen.say('\nStopping: every process ends, every temporary file goes.');
    await world.stop();
  });
  if (options.once) process.exit(await once(world, options, screen));
  await runLive(world, options, screen).catch(async (error: unknown) => {
    await world.stop();
    throw error;
  });
}

function greet(screen: Screen): void {
  screen.say(
    'entra-writeback: a tenant, Service Bus, the Functions app, the relay and Active Directory on this machine.',
  );
  screen.say('Some waits are shorter here than in production:');
  for (const { setting, production, local, what } of shortenedWaits)
    screen.say(`    ${setting} ${local} (production: ${production}): ${what}`);
}

async function once(world: World, options: StartOptions, screen: Screen): Promise<number> {
  try {
    const { result, verdict } = await runOnce(world, options, screen);
    for (const line of onceLines(result, verdict)) screen.say(line);
    await world.stop();
    screen.result(JSON.stringify(result));
    return isSuccess(result) ? exitCodes.fine : exitCodes.differences;
  } finally {
    await world.stop();
  }
}

/** The exit code of a failure, and what a person should read about it. */
function failure(error: unknown): { code: number; text: string } {
  if (error instanceof NotFit) return { code: exitCodes.environment, text: error.message };
  if (error instanceof PartError)
    return { code: exitCodes.part, text: `A part did not start: ${error.message}` };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: exitCodes.differences, text };
}

const options = startOptions(process.argv.slice(2));
await main(options, terminalScreen(options.json)).catch((error: unknown) => {
  const { code, text } = failure(error);
  process.stderr.write(`${text}\n`);
  process.exit(code);
});
