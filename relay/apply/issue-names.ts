import type { GroupPresent, UserPresent } from '../../shared/contracts/command.ts';
import { suffixOf } from '../../shared/domain/names/name-parts.ts';
import { type ErrorCode, WritebackError } from '../../shared/errors.ts';
import { allowedNames } from '../guard/guard-names.ts';
import { firstFree, type IssuedNames, keptName } from '../plan/issued-names.ts';
import type { Entry, WantedNames } from '../ports.ts';
import { NameHolders } from './name-holders.ts';
import { principalNames } from './principal-names.ts';
import type { Workplace } from './workplace.ts';

/*
 * Issuing names. The cloud sends ordered candidates; only the relay can see who holds what in this domain. An issued name stays:
 *
 *   cn                  while it is a candidate; it follows the display name
 *   sAMAccountName      for good, whatever the candidates say: it is in profiles, paths and scripts
 *   userPrincipalName   while it is a candidate; it follows the cloud
 *
 * One name space. A sAMAccountName is unique in the domain among users, groups and computers, and `<sAMAccountName>@<domain>` is an
 * implicit userPrincipalName that collides with explicit ones, both ways. AD compares without case, diacritics and width (`Müller` =
 * `Muller`, ß = ss); Samba does not fold diacritics, so every name is looked for as it is and folded, and compared folded here.
 *
 * Searching. What is kept is not looked for. A new entry asks once for the first candidate of each name; only where somebody holds one of
 * them it asks once more, for all candidates together. A cn is not looked for at all: with the default it ends in the object's id, and
 * the directory itself refuses a twin.
 *
 * Races. Between the search and the write another lane, another relay or an administrator may take the name. AD is the judge: it refuses
 * the add or modify, the caller notes what was refused and comes back here; the next search then shows the winner.
 *
 *   lane 1   search muller: free ── add muller ✓
 *   lane 2   search muller: free ────────── add muller ✗ taken ── search: lane 1 has it ── add muller2 ✓
 *
 * Names held by our own. A userPrincipalName that an entry of ours holds is on its way out: in the cloud it belongs to this object, so the
 * holder was renamed or has left, and its command is under way or will be rung for. It is waited for (`name-awaited`), unless the
 * candidates offer another one with the same suffix, as numbered ones do: those are meant to differ among our own. Meanwhile an own
 * name that is no candidate any more is let go, which is what lets two users swap (docs/adr/a-wanted-name-is-let-go-first.md):
 *
 *   Ann  has a, wants b: b is Ben's ── lets a go ── waits ········ b is free ── takes b
 *   Ben  has b, wants a: ························· a is free ── takes a (and so lets b go)
 *
 * A name that a stranger holds, or somebody by implication, is never waited for: next candidate, and where there is none `upn-taken`.
 * Everything else is written all the same; a new entry is then created without a userPrincipalName (the implicit one works), and another one
 * keeps the one it has, unless somebody waits for it (`nameWanted`).
 */

/** Candidates that the directory refused while this command was applied. */
export type RefusedNames = { cn: Set<string>; sAMAccountName: Set<string>; userPrincipalName: Set<string> };

export const noneRefused = (): RefusedNames => ({
  cn: new Set(),
  sAMAccountName: new Set(),
  userPrincipalName: new Set(),
});

/** `conflict`: a name that the entry should get is taken; the rest is applied, the result says so. */
export type Issue = {
  names: IssuedNames;
  conflict: ErrorCode | undefined;
  /** With name-awaited: the objects of ours that hold the wanted name. */
  holders: ReturnType<NameHolders['objects']>;
};

/** Names for an object. A new entry without a free cn or sAMAccountName throws name-taken. */
export async function issueNames(
  command: UserPresent | GroupPresent,
  known: { entry: Entry | undefined; refused: RefusedNames },
  workplace: Workplace,
): Promise<Issue> {
  const { entry, refused } = known;
  const wish = wishOf(command, entry, workplace);
  const cn = commonName(command, known);
  const holders = await askHolders(wish, { entry, refused, workplace });
  const issued = entry?.attributes['sAMAccountName'];
  const sAMAccountName =
    issued ??
    wish.accountNames.find((name) => !refused.sAMAccountName.has(name) && holders.isAccountNameFree(name));
  const isWanted = command.type === 'user' && command.nameWanted === true;
  const upn = await principalName(wish, holders, { entry, refused, isWanted });
  const isStuck = cn === undefined || sAMAccountName === undefined;
  if (isStuck && entry === undefined) throw new WritebackError('name-taken');
  const names = { cn: cn ?? entry?.cn, sAMAccountName, userPrincipalName: upn.name };
  return { names: complete(names), conflict: isStuck ? 'name-taken' : upn.conflict, holders: upn.holders };
}

/** What has to be found: no candidates where a name is kept, or where the kind has none. */
type Wish = { accountNames: readonly string[]; principalNames: readonly string[] };

function wishOf(command: UserPresent | GroupPresent, entry: Entry | undefined, workplace: Workplace): Wish {
  const { description, fallbackSuffix } = workplace;
  const accountNames =
    entry?.attributes['sAMAccountName'] === undefined
      ? allowedNames(command.type, 'sAMAccountName', command.names.sAMAccountName)
      : [];
  if (command.type === 'group') return { accountNames, principalNames: [] };
  const suffixes = { known: description.upnSuffixes, fallback: fallbackSuffix };
  const upns = allowedNames('user', 'userPrincipalName', principalNames(command, suffixes));
  const kept = keptName(entry?.attributes['userPrincipalName'], upns);
  return { accountNames, principalNames: kept === undefined ? upns : [] };
}

function commonName(
  command: UserPresent | GroupPresent,
  { entry, refused }: { entry: Entry | undefined; refused: RefusedNames },
): string | undefined {
  const candidates = allowedNames(command.type, 'cn', command.names.cn);
  const kept = keptName(entry?.cn, candidates);
  return kept !== undefined && !refused.cn.has(kept) ? kept : firstFree(candidates, refused.cn);
}

/** The common case is that nobody holds a first candidate: one small search. Otherwise one more for all of them. */
async function askHolders(
  wish: Wish,
  { entry, refused, workplace }: { entry: Entry | undefined; refused: RefusedNames; workplace: Workplace },
): Promise<NameHolders> {
  const first: WantedNames = {
    sAMAccountName: wish.accountNames.slice(0, 1),
    userPrincipalName: wish.principalNames.slice(0, 1),
  };
  const wasRefused = [...refused.sAMAccountName, ...refused.userPrincipalName].length > 0;
  const some = await NameHolders.ask(first, entry, workplace);
  const isAll = wish.accountNames.length < 2 && wish.principalNames.length < 2;
  if (isAll || (some.areNone && !wasRefused)) return some;
  const all: WantedNames = { sAMAccountName: wish.accountNames, userPrincipalName: wish.principalNames };
  return NameHolders.ask(all, entry, workplace);
}

type PrincipalName = {
  name: string | null | undefined;
  conflict: ErrorCode | undefined;
  holders: Issue['holders'];
};

async function principalName(
  { principalNames: candidates }: Wish,
  holders: NameHolders,
  { entry, refused, isWanted }: { entry: Entry | undefined; refused: RefusedNames; isWanted: boolean },
): Promise<PrincipalName> {
  const got = (name: string | undefined): PrincipalName => ({ name, conflict: undefined, holders: [] });
  const current = entry?.attributes['userPrincipalName'];
  if (candidates.length === 0) return got(current);
  const free = candidates.filter(
    (name) => !refused.userPrincipalName.has(name) && holders.isPrincipalNameFree(name),
  );
  for (const candidate of candidates) {
    if (free.includes(candidate)) return got(candidate);
    const ours = await holders.ownHoldersOf(candidate);
    if (ours.length === 0) continue;
    const numberedOne = free.find((name) => suffixOf(name) === suffixOf(candidate));
    if (numberedOne !== undefined) return got(numberedOne);
    return { name: null, conflict: 'name-awaited', holders: holders.objects(ours) };
  }
  return { name: isWanted ? null : current, conflict: 'upn-taken', holders: [] };
}

function complete(names: {
  cn: string | undefined;
  sAMAccountName: string | undefined;
  userPrincipalName: string | null | undefined;
}): IssuedNames {
  const { cn, sAMAccountName, userPrincipalName } = names;
  if (cn === undefined || sAMAccountName === undefined) throw new WritebackError('name-taken');
  return { cn, sAMAccountName, userPrincipalName };
}
