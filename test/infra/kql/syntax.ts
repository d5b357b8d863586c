import type { Node } from './language.ts';

/** What a node is, such as `PipeExpression`: the name of its class in the analyser. */
export function typeOf(node: Node): string {
  const { $$name } = node.constructor as unknown as { $$name?: string };
  return ($$name ?? '').replace(/^Kusto\.Language\.Syntax\./, '');
}

export function childrenOf(node: Node): Node[] {
  return Array.from({ length: node.ChildCount }, (_, at) => node.GetChild(at)).filter(
    (child) => child !== null,
  );
}

/** The node and everything below it, in the order of the text. */
export function* everyNode(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* everyNode(child);
}

export function nodesOf(root: Node, type: string): Node[] {
  return [...everyNode(root)].filter((node) => typeOf(node) === type);
}

export function* ancestorsOf(node: Node): Generator<Node> {
  for (let above = node.Parent; above !== null; above = above.Parent) yield above;
}

/** The text without the blanks and comments before it. */
export const textOf = (node: Node): string =>
  node
    .toString()
    .replace(/^(\s|\/\/[^\n]*\n)+/, '')
    .trim();

/** The text of a string literal, or undefined where it is none. */
export function stringOf(node: Node): string | undefined {
  if (typeOf(node) !== 'LiteralExpression') return undefined;
  return /^@?(['"])(.*)\1$/s.exec(textOf(node))?.[2];
}

/** `tostring(x)`, `todouble(x)`, `(x)`: what is inside. */
export function bareOf(node: Node): Node {
  const type = typeOf(node);
  if (type === 'ParenthesizedExpression') {
    const inner = childrenOf(node)[1];
    return inner === undefined ? node : bareOf(inner);
  }
  if (type !== 'FunctionCallExpression') return node;
  const [name, list] = childrenOf(node);
  if (name === undefined || list === undefined || !/^to[a-z]+$/.test(textOf(name))) return node;
  const argument = childrenOf(childrenOf(list)[1] ?? list)[0];
  const expression = argument === undefined ? undefined : childrenOf(argument)[0];
  return expression === undefined ? node : bareOf(expression);
}

/** The name after `Properties.` or in `Properties['…']`; undefined for anything else. */
export function propertyOf(node: Node): string | undefined {
  const [owner, , member] = childrenOf(node);
  if (owner === undefined || typeOf(owner) !== 'NameReference' || textOf(owner) !== 'Properties')
    return undefined;
  if (typeOf(node) === 'PathExpression') return member === undefined ? undefined : unquoted(textOf(member));
  if (typeOf(node) !== 'ElementExpression') return undefined;
  const bracketed = childrenOf(node)[1];
  return bracketed === undefined ? undefined : unquoted(textOf(bracketed));
}

/** `['name']` and `name` are one. */
const unquoted = (text: string): string => /^\[\s*(['"])(.*)\1\s*\]$/.exec(text)?.[2] ?? text;
