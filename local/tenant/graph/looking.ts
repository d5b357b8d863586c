import { lagMs } from '../awkward/behaviours.ts';
import { type DirectoryObject, isLive, type ObjectType } from '../directory/directory-object.ts';
import type { HistoryEvent } from '../directory/history.ts';
import type { Tenant } from '../tenant.ts';
import type { GraphRequest } from './exchange.ts';
import { notFound } from './problem.ts';

/*
 * Direct reads by applications may meet a replica that has not heard of the newest changes: a fresh object is not found,
 * a changed one reads as before. The administrator always reads what is.
 */

/** The object as this caller sees it now: current, as it was before the last seconds, or not at all. */
export function look(tenant: Tenant, request: GraphRequest, id: string): DirectoryObject | undefined {
  const { directory } = tenant.state;
  const current = directory.object(id);
  if (request.caller.administrator) return current;
  const since = tenant.now() - lagMs;
  const recent = directory.history.changedSince(id, since);
  if (recent === 'created' && current && tenant.occasions.strikes('fresh-not-found')) return undefined;
  if (recent !== 'changed' || !tenant.occasions.strikes('lagging-reads')) return current;
  return directory.objectAt(id, directory.history.positionBefore(since));
}

/** The live object of a type that a path names by id (users also by principal name). 404 where this caller sees none. */
export function liveObject(
  tenant: Tenant,
  request: GraphRequest,
  type: ObjectType,
  name = request.params['id'] ?? '',
): DirectoryObject {
  const { directory } = tenant.state;
  const named = type === 'user' && name.includes('@') ? directory.userNamed(name)?.id : undefined;
  const object = look(tenant, request, named ?? name.toLowerCase());
  if (!isLive(object) || object.type !== type) throw notFound(name);
  return object;
}

/**
 * What this caller does not know of yet: events of the last seconds that concern it and that a lagging replica has not
 * heard of, newest first. Empty where the answer is exact.
 */
export function unheardOf(
  tenant: Tenant,
  request: GraphRequest,
  concerns: (event: HistoryEvent) => boolean,
): readonly HistoryEvent[] {
  if (request.caller.administrator || !tenant.occasions.enabled('lagging-reads')) return [];
  const { directory } = tenant.state;
  const since = directory.history.positionBefore(tenant.now() - lagMs);
  const events = directory.history.between(since, directory.position).filter(concerns);
  if (events.length === 0 || !tenant.occasions.strikes('lagging-reads')) return [];
  return events.toReversed();
}
