import type { Kind } from '../../shared/domain/object-id.ts';
import { externalIdAttribute, markAttribute } from '../plan/plan.ts';
import type { AttributeRules } from './attribute-rules.ts';

/** What the relay writes by rules of its own: never named by a command's `attributes`. */
export const issuedAttributes: Record<Kind, ReadonlySet<string>> = {
  user: new Set(['sAMAccountName', 'userPrincipalName', markAttribute, externalIdAttribute]),
  group: new Set(['sAMAccountName', markAttribute, externalIdAttribute]),
};

/** The text attributes to read of an entry for planning. */
export function attributesToRead(kind: Kind, rules: AttributeRules): string[] {
  return [...new Set([...rules[kind].keys(), ...issuedAttributes[kind]])];
}
