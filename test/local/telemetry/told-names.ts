import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../../..');

/** Which names the code tells, by what is called with them. */
export type ToldNames = { metrics: Set<string>; spans: Set<string>; events: Set<string> };

/** Reads all sources but the tables themselves. */
export function toldNames(): ToldNames {
  const told: ToldNames = { metrics: new Set(), spans: new Set(), events: new Set() };
  const files = globSync('{functions,shared,relay}/**/*.ts', { cwd: root });
  for (const file of files) {
    if (file.startsWith('shared/telemetry/')) continue;
    collectFrom(readFileSync(join(root, file), 'utf8'), told);
  }
  return told;
}

const methods = new Map<string, keyof ToldNames>([
  ['record', 'metrics'],
  ['start', 'spans'],
  ['info', 'events'],
  ['warn', 'events'],
  ['loud', 'events'],
]);

/** `telemetry.record(…)`, `telemetry.start(…)`, `log.info(…)`, `log[severity](…)` and the like: every text that the first argument may be. */
export function collectFrom(text: string, told: ToldNames): void {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const kind = kindOf(node.expression);
      const [first] = node.arguments;
      if (kind !== undefined && first !== undefined)
        for (const name of textsOf(first, source)) told[kind].add(name);
    }
    node.forEachChild(visit);
  };
  visit(source);
}

function kindOf(called: ts.Expression): keyof ToldNames | undefined {
  if (ts.isPropertyAccessExpression(called)) return methods.get(called.name.text);
  const isLog = ts.isElementAccessExpression(called) && called.expression.getText() === 'log';
  return isLog ? 'events' : undefined;
}

/** A literal, either branch of a choice, or what a function of the same file may return. */
function textsOf(node: ts.Expression, source: ts.SourceFile): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node))
    return [...textsOf(node.whenTrue, source), ...textsOf(node.whenFalse, source)];
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
    return returnsOf(node.expression.text, source).flatMap((returned) => textsOf(returned, source));
  return [];
}

function returnsOf(name: string, source: ts.SourceFile): ts.Expression[] {
  const declared = source.statements.find(
    (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    node.forEachChild(visit);
  };
  declared?.forEachChild(visit);
  return found;
}
