import type { Kind } from '../../shared/domain/object-id.ts';
import { externalIdAttribute, markAttribute } from '../plan/plan.ts';

/** What the relay writes by rules of its own: never named by a command's `attributes`, and read of every entry. */
export const issuedAttributes: Record<Kind, ReadonlySet<string>> = {
  user: new Set(['sAMAccountName', 'userPrincipalName', markAttribute, externalIdAttribute]),
  group: new Set(['sAMAccountName', markAttribute, externalIdAttribute]),
};
