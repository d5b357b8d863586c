import { analyse, type Node } from './language.ts';
import {
  type Comparison,
  comparisonsIn,
  isNameColumn,
  propertyBehind,
  type Scope,
  scopeAt,
} from './scope.ts';
import { nodesOf, propertyOf, textOf } from './syntax.ts';
import { plannedMetrics, type Vocabulary, vocabularies } from './vocabulary.ts';

/** `planned`: whether it may ask for metrics that nothing records yet. */
export type QueryRules = { planned: boolean };

/**
 * What is wrong with a query: everything that Azure's analyser says, and every name of a metric, an event, a span, a property or a
 * value of one that the code does not emit. Empty where it is right.
 */
export function problemsOf(query: string, rules: QueryRules = { planned: false }): string[] {
  const { syntax, problems } = analyse(query);
  if (problems.length > 0) return problems;
  const compared = comparisonsIn(syntax);
  return [
    ...compared.filter(({ subject }) => isNameColumn(subject)).flatMap((one) => wrongNames(one, rules)),
    ...compared.filter(({ subject }) => !isNameColumn(subject)).flatMap(wrongValues),
    ...[...nodesOf(syntax, 'PathExpression'), ...nodesOf(syntax, 'ElementExpression')].flatMap(wrongProperty),
  ];
}

/** What stands in place of a value: `{ObjectId}` in a workbook, `<object id>` in the docs. */
const isParameter = (literal: string): boolean => /^(\{\w+\}|<[\w ]+>)$/.test(literal);

function wrongNames({ operator, literals, node }: Comparison, { planned }: QueryRules): string[] {
  const { tables } = scopeAt(node);
  const known = namesIn(tables);
  if (known.length === 0)
    return [`nothing of ours is called in ${[...tables].join(', ') || 'no table'}: ${textOf(node)}`];
  const isKnown = matcherOf(operator);
  if (literals.length === 0) return [`names are compared with literals only: ${textOf(node)}`];
  if (isKnown === undefined) return [`names are compared by ==, in or startswith, not by ${operator}`];
  return literals.flatMap((literal) => {
    if (!known.some((name) => isKnown(name, literal)))
      return [`nobody emits ${literal} into ${[...tables].join(', ')}`];
    return !planned && plannedMetrics.includes(literal) ? [`nothing records ${literal} yet`] : [];
  });
}

function matcherOf(operator: string): ((name: string, literal: string) => boolean) | undefined {
  if (['==', '!=', 'in', '!in', 'in~', '=~'].includes(operator)) return (name, literal) => name === literal;
  return operator === 'startswith' ? (name, literal) => name.startsWith(literal) : undefined;
}

function wrongProperty(node: Node): string[] {
  const property = propertyOf(node);
  if (property === undefined) return [];
  const scope = scopeAt(node);
  if (scope.names.size === 0) return [`Properties.${property} of what? No filter by name stands before it`];
  return specsIn(scope).some((spec) => property in spec)
    ? []
    : [`${[...scope.names].join(', ')} has no property ${property}`];
}

function wrongValues({ subject, literals, node }: Comparison): string[] {
  const scope = scopeAt(node);
  const property = propertyBehind(subject, scope);
  if (property === undefined) return [];
  const values = specsIn(scope).flatMap((spec) => (property in spec ? [spec[property] ?? 'any'] : []));
  return literals
    .filter((literal) => literal !== '' && !isParameter(literal))
    .filter((literal) => !values.some((known) => known !== 'any' && known.includes(literal)))
    .map((literal) => `${property} of ${[...scope.names].join(', ')} is never known to be ${literal}`);
}

const namesIn = (tables: ReadonlySet<string>): string[] =>
  [...tables].flatMap((table) => Object.keys(vocabularies[table] ?? {}));

const specsIn = ({ tables, names }: Scope): Vocabulary[string][] =>
  [...tables].flatMap((table) =>
    Object.entries(vocabularies[table] ?? {})
      .filter(([name]) => [...names].some((wanted) => isCalled(name, wanted)))
      .map(([, spec]) => spec),
  );

const isCalled = (name: string, wanted: string): boolean =>
  wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
