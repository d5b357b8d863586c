import type { Command } from './command.ts';
import type { Result } from './result.ts';

/**
 * What a command asks for beyond its state, for its result: of a suspension which one, in the words of the command. What became of
 * an object that left is policy, and the policy may be another one when somebody reads the log.
 */
export function askedOf(command: Command): Pick<Result, 'asked'> {
  if (!('state' in command) || command.state !== 'suspended') return {};
  if (command.type === 'group') return { asked: `kind ${command.kind}, members ${command.members}` };
  const { account, place, names } = command;
  return { asked: `account ${account}, place ${place}, names ${names}` };
}
