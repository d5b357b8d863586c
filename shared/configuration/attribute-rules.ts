import { knownAttribute } from '../domain/attributes/attribute-limits.ts';
import type { AttributeRule, AttributeValue } from '../domain/settings.ts';
import { type Findings, kindOf } from './findings.ts';
import { refusalOf } from './refused-attributes.ts';

type Sources<T> = Readonly<Record<string, (object: T) => AttributeValue>>;

/** LDAP names of attributes (RFC 4512 keystring). */
const ldapName = /^[A-Za-z][A-Za-z0-9-]*$/;

/** The rules for every attribute: the defaults, with what the owner changed, added or switched off. */
export function attributeRules<T>(
  findings: Findings,
  { path, value, defaults }: { path: string; value: unknown; defaults: Sources<T> },
): Record<string, AttributeRule<T>> {
  const rules = new Map<string, AttributeRule<T>>(
    Object.entries(defaults).map(([name, from]) => [name, { from, when: 'always', empty: 'clear' }]),
  );
  for (const [name, given] of Object.entries(findings.record(path, value))) {
    const at = `${path}.${name}`;
    const refusal = refusalOf(name) ?? misspelt(name);
    if (refusal !== undefined) findings.say(at, refusal);
    else if (given === false) rules.delete(name);
    else if (given !== undefined) {
      const rule = attributeRule(findings, { path: at, value: given, usual: defaults[name] });
      if (rule !== undefined) rules.set(name, rule);
    }
  }
  return Object.fromEntries(rules);
}

function misspelt(name: string): string | undefined {
  const known = knownAttribute(name);
  if (known !== undefined && known !== name) return `is spelt ${known} here`;
  return ldapName.test(name) ? undefined : 'is not the name of an LDAP attribute';
}

function attributeRule<T>(
  findings: Findings,
  { path, value, usual }: { path: string; value: unknown; usual: AttributeRule<T>['from'] | undefined },
): AttributeRule<T> | undefined {
  if (typeof value === 'function') {
    return { from: value as AttributeRule<T>['from'], when: 'always', empty: 'clear' };
  }
  if (typeof value !== 'object' || value === null) {
    findings.say(
      path,
      `must be false, a function or a record with from, when and empty, not ${kindOf(value)}`,
    );
    return undefined;
  }
  const { from, when, empty } = findings.record(path, value, ['from', 'when', 'empty']);
  const source = findings.rule(`${path}.from`, from, usual);
  if (source === undefined) findings.say(path, 'needs from: this attribute has no source by default');
  return {
    from: source ?? (() => undefined),
    when: findings.choice(`${path}.when`, when, ['always', 'creation'], 'always'),
    empty: findings.choice(`${path}.empty`, empty, ['clear', 'keep'], 'clear'),
  };
}
