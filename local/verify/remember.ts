import type { Identities, Identity } from './baseline.ts';
import { letGo } from './compare-names.ts';
import { type Comparison, isWrittenGroup, isWrittenUser } from './comparison.ts';
import type { DirectoryEntry } from './directory-state.ts';
import { markAttributes, markedId } from './entry-index.ts';
import { expectedGroup, expectedUser } from './expected-entry.ts';

/**
 * What to remember for the next time: who was first seen now (only where the marks agree), without what was purged. A name that is
 * none of the candidates is not remembered: it would be right from then on.
 */
export function remembered(comparison: Comparison): Identities {
  const { tenant, index, baseline, directory } = comparison;
  const lists = [tenant.users, tenant.groups, tenant.deletedUsers, tenant.deletedGroups];
  const isKnown = (id: string) => lists.some((list) => list.has(id));
  const identities = Object.fromEntries(Object.entries(baseline.identities).filter(([id]) => isKnown(id)));
  for (const [id, [entry]] of index.owned) {
    if (entry === undefined || !isKnown(id)) continue;
    const marks = markAttributes.filter(
      (name, at) => at === 0 || directory.schemaHas.has(name.toLowerCase()),
    );
    const before = identities[id];
    if (before === undefined && !marks.every((name) => markedId(entry, name) === id)) continue;
    identities[id] = seen(comparison, { id, entry, before });
  }
  return identities;
}

type Seeing = { id: string; entry: DirectoryEntry; before: Identity | undefined };

function seen(comparison: Comparison, { id, entry, before }: Seeing): Identity {
  const first = before ?? { guid: entry.guid, ...(entry.sid === undefined ? {} : { sid: entry.sid }) };
  const { accountNames = [], lives, names } = expectationOf(comparison, id);
  const name = entry.values.get('samaccountname')?.[0];
  const issued = name !== undefined && accountNames.includes(name) ? { sAMAccountName: name } : {};
  const { letGo: _, ...kept } = first;
  const isLetGo = lives ? {} : first.letGo === true ? { letGo: true as const } : letGo(comparison, id);
  const written = lives ? { written: valuesOf(entry, names) } : {};
  return { ...issued, ...kept, ...isLetGo, ...written };
}

type Expectation = { accountNames: string[]; lives: boolean; names: string[] };

/** Of whoever it is, live or not: which names it may have been given, and which attributes are ours. */
function expectationOf({ tenant, directory }: Comparison, id: string): Expectation {
  const user = tenant.users.get(id) ?? tenant.deletedUsers.get(id);
  const group = tenant.groups.get(id) ?? tenant.deletedGroups.get(id);
  const expected = user ? expectedUser(user, directory) : group ? expectedGroup(group) : undefined;
  const liveUser = tenant.users.get(id);
  const liveGroup = tenant.groups.get(id);
  const lives =
    (liveUser !== undefined && isWrittenUser(liveUser)) ||
    (liveGroup !== undefined && isWrittenGroup(liveGroup));
  const names = ['cn', 'userPrincipalName', ...(expected?.attributes.map(([name]) => name) ?? [])];
  return { accountNames: expected?.accountNames ?? [], lives, names };
}

const valuesOf = ({ values }: DirectoryEntry, names: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const list = values.get(name.toLowerCase());
      return list === undefined ? [] : [[name.toLowerCase(), list] as const];
    }),
  );
