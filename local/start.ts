import { claimFolder } from './stack/claim-folder.ts';
import { PartError } from './stack/part.ts';
import { type RealParts, realParts } from './stack/real-parts.ts';
import { shortenedWaits } from './stack/shortened-waits.ts';
import { stopOnSignal } from './stack/stop-on-signal.ts';
import { checkMachine } from './start/check-machine.ts';
import { exitCodes, NotFit } from './start/exit-code.ts';
import { type StartOptions, startOptions } from './start/options.ts';
import { isSuccess, onceLines } from './start/report.ts';
import { runLive } from './start/run-live.ts';
import { runOnce } from './start/run-once.ts';
import { contradictions, namesOfReal, runWithRealParts } from './start/run-with-real-parts.ts';
import { type Screen, terminalScreen } from './start/screen.ts';
import { startWorld, type World } from './start/world.ts';

/** `npm start`: everything on this machine, with a company in it. See `npm start -- --help`. */
async function main(options: StartOptions, screen: Screen): Promise<void> {
  const real = realPartsFor(options);
  if (real.directory === undefined) await checkMachine(options);
  if (!(await claimFolder(options.folder)))
    throw new NotFit(
      `A stack is running in ${options.folder} already. Stop it with Ctrl-C, or use another clone.`,
    );
  greet(screen, real);
  if (namesOfReal(real).length > 0) {
    const stop = await runWithRealParts(options, real, screen);
    stopOnSignal(() => sayAndStop(screen, stop));
    return;
  }
  const world = await startWorld(options, real, screen);
  stopOnSignal(() => sayAndStop(screen, world.stop));
  if (options.once) process.exit(await once(world, options, screen));
  await runLive(world, options, screen).catch(async (error: unknown) => {
    await world.stop();
    throw error;
  });
}

async function sayAndStop(screen: Screen, stop: () => Promise<void>): Promise<void> {
  screen.say('\nStopping: every process ends, every temporary file goes.');
  await stop();
}

/** What the environment names as real; throws NotFit with every problem of it, and where the options ask for more than that allows. */
function realPartsFor(options: StartOptions): RealParts {
  const real = realParts(process.env);
  const problems = 'problems' in real ? real.problems : contradictions(options, real);
  if ('problems' in real || problems.length > 0)
    throw new NotFit(`This cannot be started:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  return real;
}

function greet(screen: Screen, real: RealParts): void {
  screen.say(
    'entra-writeback: a tenant, Service Bus, the Functions app, the relay and Active Directory on this machine.',
  );
  const names = namesOfReal(real);
  if (names.length > 0) screen.say(`By your settings, not started because real: ${names.join(', ')}.`);
  if (real.tables !== undefined) screen.say('The tables are yours as well: empty ones, for a new directory.');
  screen.say('Some waits are shorter here than in production:');
  const ours = shortenedWaits.filter(({ part }) => part !== 'broker' || real.serviceBus === undefined);
  for (const { setting, production, local, what } of ours)
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
