import { type Node, tableNames } from './language.ts';
import { ancestorsOf, bareOf, childrenOf, nodesOf, propertyOf, stringOf, textOf, typeOf } from './syntax.ts';

/*
 * What a place in a query can see: the tables that its rows come from, the names that the filters before it left (Name of metrics and
 * spans, Message of events), and the columns that were made of properties.
 *
 *   AppMetrics | where Name == 'a' | extend k = tostring(Properties.kind) | where k == 'user'
 *   └ table      └ name 'a'          └ column k is the property kind        └ here
 *
 * Rows flow from left to right, through lets, unions and joins.
 */
/** `names`: with a `*` behind it, the beginning of names. */
export type Scope = { tables: Set<string>; names: Set<string>; columns: Map<string, string> };

/** A comparison of something with string literals, such as `Name in ('a', 'b')`. */
export type Comparison = { subject: Node; operator: string; literals: string[]; node: Node };

/** Everything that the rows at this node have passed, the operator that it stands in included. */
export function scopeAt(node: Node): Scope {
  const scope: Scope = { tables: new Set(), names: new Set(), columns: new Map() };
  const above = [...ancestorsOf(node)];
  const pipe = above.find(
    (one, at) => typeOf(one) === 'PipeExpression' && partsOf(one)[1] === (above[at - 1] ?? node),
  );
  if (pipe === undefined) return scope;
  const [source, operator] = partsOf(pipe);
  if (source !== undefined) flow(source, scope);
  if (operator !== undefined) pass(operator, scope);
  return scope;
}

const partsOf = (pipe: Node): [Node | undefined, Node | undefined] => {
  const children = childrenOf(pipe);
  return [children[0], children.at(-1)];
};

function flow(node: Node, scope: Scope): void {
  const type = typeOf(node);
  if (type === 'NameReference') named(node, scope);
  else if (type === 'PipeExpression') {
    const [source, operator] = partsOf(node);
    if (source !== undefined) flow(source, scope);
    if (operator !== undefined) pass(operator, scope);
  } else for (const child of childrenOf(node)) flow(child, scope);
}

function named(reference: Node, scope: Scope): void {
  const name = textOf(reference);
  if (tableNames.includes(name)) scope.tables.add(name);
  const root = [...ancestorsOf(reference)].at(-1);
  if (root === undefined) return;
  for (const statement of nodesOf(root, 'LetStatement')) {
    const [, declared, , value] = childrenOf(statement);
    if (declared !== undefined && value !== undefined && textOf(declared) === name) flow(value, scope);
  }
}

function pass(operator: Node, scope: Scope): void {
  const type = typeOf(operator);
  if (type === 'JoinOperator' || type === 'UnionOperator' || type === 'LookupOperator') {
    for (const child of childrenOf(operator)) if (typeOf(child) !== 'JoinOnClause') flow(child, scope);
    return;
  }
  if (type === 'FilterOperator') {
    for (const { subject, operator: how, literals } of comparisonsIn(operator))
      if (isNameColumn(subject) && !how.startsWith('!'))
        for (const literal of literals) scope.names.add(how === 'startswith' ? `${literal}*` : literal);
    return;
  }
  for (const assigned of nodesOf(operator, 'SimpleNamedExpression')) {
    const [name, , value] = childrenOf(assigned);
    const property = value === undefined ? undefined : propertyOf(bareOf(value));
    if (name !== undefined && property !== undefined) scope.columns.set(textOf(name), property);
  }
}

/** `Name` of metrics and spans, `Message` of events. */
export const isNameColumn = (node: Node): boolean =>
  typeOf(node) === 'NameReference' && ['Name', 'Message'].includes(textOf(node));

/** The property that a node is, or that its column was made of. */
export function propertyBehind(node: Node, scope: Scope): string | undefined {
  const bare = bareOf(node);
  return propertyOf(bare) ?? (typeOf(bare) === 'NameReference' ? scope.columns.get(textOf(bare)) : undefined);
}

const comparing = ['BinaryExpression', 'InExpression', 'HasAnyExpression', 'HasAllExpression'];

/** Those with literals; and those of names, whatever they are compared with. */
export function comparisonsIn(root: Node): Comparison[] {
  return comparing
    .flatMap((type) => nodesOf(root, type))
    .flatMap((node) => {
      const [left, operator, right] = childrenOf(node);
      if (left === undefined || operator === undefined || right === undefined) return [];
      const sides =
        stringOf(left) === undefined ? { subject: left, other: right } : { subject: right, other: left };
      const literals = [sides.other, ...nodesOf(sides.other, 'LiteralExpression')]
        .map(stringOf)
        .filter((literal) => literal !== undefined);
      const distinct = [...new Set(literals)];
      return distinct.length === 0 && !isNameColumn(sides.subject)
        ? []
        : [{ subject: sides.subject, operator: textOf(operator), literals: distinct, node }];
    });
}
