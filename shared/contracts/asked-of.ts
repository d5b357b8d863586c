import type { Kind } from '../domain/object-id.ts';
import type { Command, UserRefused } from './command.ts';
import type { Result } from './result.ts';

/** A command, or the refusal of an object that never becomes one. */
export type Asked = Command | (Omit<UserRefused, 'type'> & { type: Kind });

/**
 * What a command asks for, for its result: its state, and of a suspension which one, in the words of the command. What became of
 * an object that left is policy, and the policy may be another one when somebody reads the log. An object that cannot be mapped
 * should be present all the same.
 */
export function askedOf(command: Asked): Pick<Result, 'state' | 'asked'> {
  if (!('state' in command)) return {};
  const { state } = command;
  if (state === 'refused') return { state: 'present' };
  if (state !== 'suspended') return { state };
  if (command.type === 'group') return { state, asked: `kind ${command.kind}, members ${command.members}` };
  const { account, place, names } = command;
  return { state, asked: `account ${account}, place ${place}, names ${names}` };
}
