import { isHalfLoaded } from '../awkward/half-loaded.ts';
import { type DirectoryObject, isLive } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import type { GraphRequest } from './exchange.ts';
import { unheardOf } from './looking.ts';
import { presentTyped } from './present.ts';
import { badRequest } from './problem.ts';
import { selection } from './selection.ts';

/** What `$expand=manager` or `$expand=manager($select=…)` adds to a user; undefined where it is not asked. 400 for all else. */
export function expansionOf(
  tenant: Tenant,
  request: GraphRequest,
): ((user: DirectoryObject) => Record<string, unknown>) | undefined {
  const text = request.query.get('$expand');
  if (text === null) return undefined;
  const [whole, inner] = /^manager(?:\(\$select=([^()]+)\))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) throw badRequest(`Could not expand '${text}' on type 'microsoft.graph.user'.`);
  const select = selection(new URLSearchParams(inner === undefined ? {} : { $select: inner }));
  return (user) => {
    const manager = managerSeen(tenant, request, user.id);
    if (manager === undefined) return {};
    const shown = isHalfLoaded(tenant, request, manager.id) ? [] : select;
    return { manager: presentTyped(manager, shown) };
  };
}

/** The live manager of a user as this caller sees it: perhaps the one of before the last seconds. */
export function managerSeen(
  tenant: Tenant,
  request: GraphRequest,
  user: string,
): DirectoryObject | undefined {
  const { directory } = tenant.state;
  const unheard = unheardOf(tenant, request, (event) => event.id === user && event.manager !== undefined);
  const oldest = unheard.at(-1)?.manager;
  const id = oldest === undefined ? directory.lines.managerOf(user) : oldest.before;
  const manager = directory.object(id ?? '');
  return isLive(manager) ? manager : undefined;
}
