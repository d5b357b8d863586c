import type { GroupPresent, UserPresent } from '../../shared/contracts/command.ts';
import { type ErrorCode, WritebackError } from '../../shared/errors.ts';
import { firstFree, type IssuedNames, keptName } from '../plan/issued-names.ts';
import type { Entry } from '../ports.ts';
import type { Workplace } from './workplace.ts';

/** Candidates that the directory refused while this command was applied. */
export type RefusedNames = { cn: Set<string>; userPrincipalName: Set<string> };

/** `conflict`: a name that the entry should get is taken; it keeps what it has, the rest is applied, the result says so. */
export type Issue = { names: IssuedNames; conflict: ErrorCode | undefined };

type AccountName = 'sAMAccountName' | 'userPrincipalName';

/**
 * Names for an object: those that its entry has, where they are still candidates, otherwise the first candidate that nobody
 * else in the domain holds. A new entry without a free name throws name-taken or upn-taken.
 */
export async function issueNames(
  command: UserPresent | GroupPresent,
  known: { entry: Entry | undefined; refused: RefusedNames },
  workplace: Workplace,
): Promise<Issue> {
  const { entry, refused } = known;
  const upns = command.type === 'user' ? command.names.userPrincipalName : undefined;
  const cn = keptName(entry?.cn, command.names.cn) ?? firstFree(command.names.cn, refused.cn);
  if (entry === undefined && (await areFirstFree(command, refused, workplace))) {
    const names = { cn, sAMAccountName: command.names.sAMAccountName[0], userPrincipalName: upns?.[0] };
    return { names: complete(names), conflict: undefined };
  }
  const search: Search = { entry, workplace, refused: refused.userPrincipalName };
  const sAMAccountName = await nameFor('sAMAccountName', command.names.sAMAccountName, search);
  const userPrincipalName = upns === undefined ? undefined : await nameFor('userPrincipalName', upns, search);
  const conflict: ErrorCode | undefined =
    cn === undefined || sAMAccountName === undefined
      ? 'name-taken'
      : upns !== undefined && userPrincipalName === undefined
        ? 'upn-taken'
        : undefined;
  if (conflict !== undefined && entry === undefined) throw new WritebackError(conflict);
  return {
    names: complete({
      cn: cn ?? entry?.cn,
      sAMAccountName: sAMAccountName ?? entry?.attributes['sAMAccountName'],
      userPrincipalName: userPrincipalName ?? entry?.attributes['userPrincipalName'],
    }),
    conflict,
  };
}

/** The common case of a new entry: nobody holds any first candidate. One search for all of them. */
async function areFirstFree(
  command: UserPresent | GroupPresent,
  refused: RefusedNames,
  { directory }: Workplace,
): Promise<boolean> {
  const [sAMAccountName = ''] = command.names.sAMAccountName;
  const userPrincipalName = command.type === 'user' ? command.names.userPrincipalName[0] : undefined;
  if (userPrincipalName !== undefined && refused.userPrincipalName.has(userPrincipalName)) return false;
  if (command.names.cn.every((candidate) => refused.cn.has(candidate))) return false;
  const names = { sAMAccountName, ...(userPrincipalName === undefined ? {} : { userPrincipalName }) };
  return (await directory.holders(names)).length === 0;
}

type Search = { entry: Entry | undefined; workplace: Workplace; refused: ReadonlySet<string> };

async function nameFor(
  name: AccountName,
  candidates: readonly string[],
  search: Search,
): Promise<string | undefined> {
  const kept = keptName(search.entry?.attributes[name], candidates);
  if (kept !== undefined) return kept;
  for (const candidate of candidates) {
    const isRefused = name === 'userPrincipalName' && search.refused.has(candidate);
    if (!isRefused && (await isFree(name, candidate, search))) return candidate;
  }
  return undefined;
}

/** Whether nobody but this entry holds the name, explicitly or by implication. */
async function isFree(name: AccountName, value: string, { entry, workplace }: Search): Promise<boolean> {
  const holders = await workplace.directory.holders({ [name]: value });
  return holders.every((holder) => holder.guid === entry?.guid);
}

function complete(names: {
  cn: string | undefined;
  sAMAccountName: string | undefined;
  userPrincipalName: string | undefined;
}): IssuedNames {
  const { cn, sAMAccountName, userPrincipalName } = names;
  if (cn === undefined || sAMAccountName === undefined) throw new WritebackError('name-taken');
  return { cn, sAMAccountName, userPrincipalName };
}
