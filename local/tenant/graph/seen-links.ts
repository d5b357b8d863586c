import type { Relation } from '../directory/changes.ts';
import { isLive } from '../directory/directory-object.ts';
import type { HistoryEvent } from '../directory/history.ts';
import type { Tenant } from '../tenant.ts';
import type { GraphRequest } from './exchange.ts';
import { unheardOf } from './looking.ts';
import { forbidden } from './problem.ts';

/** Links as a caller sees them: perhaps without the newest ones, and with those just removed. */
export type SeenLinks = {
  /** Targets of a group with the place of each in the list, ascending for those that are not new. */
  of(group: string): ReadonlyMap<string, number>;
  /** Groups that list a target, those only whose membership the caller may read. */
  groupsOf(target: string): ReadonlySet<string>;
};

/** `concerns`: which events of membership matter to the answer. */
export function seenLinks(
  tenant: Tenant,
  request: GraphRequest,
  relation: Relation,
  concerns: (event: HistoryEvent) => boolean = () => true,
): SeenLinks {
  const links = tenant.state.directory.links(relation);
  const mayRead = (group: string): boolean => mayReadMembers(tenant, request, group);
  const unheard =
    relation === 'members'
      ? unheardOf(tenant, request, (event) => event.member !== undefined && concerns(event))
      : [];
  return {
    of(group) {
      const own = unheard.filter((event) => event.id === group);
      if (own.length === 0) return links.of(group);
      const seen = new Map(links.of(group));
      for (const { seq, member } of own) {
        if (member?.added) seen.delete(member.member);
        else if (member) seen.set(member.member, seq);
      }
      return seen;
    },
    groupsOf(target) {
      const seen = new Set(links.groupsOf(target));
      for (const { id, member } of unheard) {
        if (member?.member !== target) continue;
        if (member.added) seen.delete(id);
        else seen.add(id);
      }
      return new Set([...seen].filter(mayRead));
    },
  };
}

/** Hidden memberships are read with Member.Read.Hidden only. */
export function mayReadMembers(tenant: Tenant, request: GraphRequest, group: string): boolean {
  if (request.caller.administrator || request.caller.readsHidden) return true;
  return tenant.state.directory.object(group)?.properties['visibility'] !== 'HiddenMembership';
}

/** 403 where the caller may not know who is in a group. */
export function requireReadableMembers(tenant: Tenant, request: GraphRequest, group: string): void {
  if (!mayReadMembers(tenant, request, group)) throw forbidden();
}

/** Everything that leads on from a start, each once, whatever cycles there are; the start itself where a cycle leads back. */
export function reachable(start: string, next: (id: string) => Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const one of next(id)) {
      if (found.has(one)) continue;
      found.add(one);
      open.push(one);
    }
  }
  return found;
}

/** Live objects only: a soft-deleted group leads nowhere. */
export const liveOnes = (tenant: Tenant, ids: Iterable<string>): string[] =>
  [...ids].filter((id) => isLive(tenant.state.directory.object(id)));
