import { z } from 'zod';
import type { CloudMember } from '../../domain/cloud-object.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { WritebackError } from '../../errors.ts';
import type { DeltaItem, DeltaPage } from '../../ports.ts';
import { errorCodeOf, type GraphCall } from './graph-call.ts';
import { bareMember } from './parse-member.ts';
import { idSchema, parse } from './parse-object.ts';
import { unexpectedStatus } from './unexpected-status.ts';

export type DeltaSource<T> = {
  call: GraphCall;
  /** Origin of Graph: a stored link that leads elsewhere is not followed. */
  origin: string;
  /** Path of the first page of a full round. */
  start: string;
  parse: (body: unknown) => T & { id: ObjectId };
  /** Items of a page of a full round are all there is to know: what none of them says of an object is not there. */
  completed?: (items: DeltaItem<T>[]) => DeltaItem<T>[];
};

const removedSchema = z.object({ '@removed': z.object({ reason: z.string() }) });
const memberSchema = z.object({
  '@odata.type': z.string().optional(),
  id: idSchema,
  '@removed': z.unknown().optional(),
});
const membersSchema = z.object({ 'members@delta': z.array(memberSchema).optional() });
const pageSchema = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});

/** Codes by which a 400 says that the token is of no use any more (410 is the documented way). */
const staleToken = /sync_?state|resync|delta_?token|skip_?token|expired/i;

/** Says, in a link that we hand out, that its page belongs to a full round; Graph never sees it. */
const fullRound = '#full';

/**
 * One page of a delta round. A link that Graph gave is followed as it is. Expired tokens, and a stored link that leads to
 * another host (the base URL was changed), end in `resync`: the round starts anew without one.
 */
export async function readDeltaPage<T>(
  source: DeltaSource<T>,
  stored: string | undefined,
): Promise<DeltaPage<T>> {
  const full = stored === undefined || stored.endsWith(fullRound);
  const link = stored?.endsWith(fullRound) ? stored.slice(0, -fullRound.length) : stored;
  if (link !== undefined && originOf(link) !== source.origin) return { type: 'resync' };
  const { status, body } = await source.call({ method: 'GET', path: link ?? source.start });
  if (status === 410) return { type: 'resync' };
  if (status === 400 && link !== undefined && staleToken.test(errorCodeOf(body) ?? ''))
    return { type: 'resync' };
  if (status !== 200) throw unexpectedStatus(status, body);
  const page = parse(pageSchema, body, 'a delta page');
  const read = page.value.map((item) => itemOf(item, source.parse));
  const items = full && source.completed !== undefined ? source.completed(read) : read;
  const next = page['@odata.nextLink'];
  if (next !== undefined)
    return { type: 'next', items, link: ownLink(next, source.origin) + (full ? fullRound : '') };
  return { type: 'done', items, link: ownLink(page['@odata.deltaLink'], source.origin) };
}

function itemOf<T>(body: unknown, parseObject: (body: unknown) => T & { id: ObjectId }): DeltaItem<T> {
  const removed = removedSchema.safeParse(body);
  if (removed.success) {
    const { id } = parse(z.object({ id: idSchema }), body, 'a removed delta item');
    return {
      type: 'removed',
      id,
      reason: removed.data['@removed'].reason === 'deleted' ? 'deleted' : 'changed',
    };
  }
  const object = parseObject(body);
  const entries = parse(membersSchema, body, 'members@delta')['members@delta'] ?? [];
  return { type: 'live', id: object.id, object, ...lastWordOn(entries) };
}

/** A member can be added and removed in one item; the last entry about it counts (arrival order). */
function lastWordOn(entries: readonly z.infer<typeof memberSchema>[]): {
  added: CloudMember[];
  removed: CloudMember[];
} {
  const last = new Map(entries.map((entry) => [entry.id, entry]));
  const members = [...last.values()].map((entry) => ({
    gone: entry['@removed'] !== undefined,
    member: bareMember(entry['@odata.type'], entry.id),
  }));
  return {
    added: members.filter(({ gone }) => !gone).map(({ member }) => member),
    removed: members.filter(({ gone }) => gone).map(({ member }) => member),
  };
}

function ownLink(link: string | undefined, origin: string): string {
  if (link === undefined)
    throw new WritebackError('graph-invalid', { detail: 'a delta page without a link' });
  if (originOf(link) === origin) return link;
  throw new WritebackError('graph-invalid', { detail: 'a delta link to another host' });
}

function originOf(link: string): string | undefined {
  return URL.canParse(link) ? new URL(link).origin : undefined;
}
