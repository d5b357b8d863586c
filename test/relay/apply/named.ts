import type { UserPresent } from '../../../shared/contracts/command.ts';
import { userPresent } from '../build-command.ts';

type Names = { cn?: string[]; sAMAccountName?: string[]; userPrincipalName?: string[] };

/** A user whose candidates for some names are these, and its own for the others. */
export const named = (word: string, names: Names, more: Partial<UserPresent> = {}) =>
  userPresent(word, { ...more, names: { ...userPresent(word).names, ...names } });
