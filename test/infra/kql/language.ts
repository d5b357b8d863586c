import { createRequire } from 'node:module';
import azureMonitor from './azure-monitor-tables.json' with { type: 'json' };

/*
 * Azure's own analyser of KQL. It is C# compiled to JavaScript and sets a global; its types would bring that global into every file, so
 * the little that is used of it is described here.
 */

/** A node of the syntax tree. Children that are absent are null. */
export type Node = {
  readonly ChildCount: number;
  GetChild(at: number): Node | null;
  readonly Parent: Node | null;
  toString(): string;
  /** Where it is in the query, without what stands before it. */
  readonly TextStart: number;
};

type Diagnostic = { Message: string; Start: number; Severity: string };
type List<T> = { Count: number; getItem(at: number): T };
type Analysed = {
  Syntax: Node;
  GetDiagnostics(): List<Diagnostic>;
  ResultType: { Columns?: List<{ Name: string }> } | null;
};
type Table = { WithName(name: string): Table };
type Language = {
  Symbols: {
    TableSymbol: { From(schema: string): Table };
    DatabaseSymbol: { ctor: new (name: string, tables: Table[]) => unknown };
  };
  GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
  KustoCode: { ParseAndAnalyze(query: string, globals: unknown): Analysed };
};

const require = createRequire(import.meta.url);
require('@kusto/language-service-next/bridge.min');
require('@kusto/language-service-next/Kusto.Language.Bridge.min');
const { Symbols, GlobalState, KustoCode } = (globalThis as unknown as { Kusto: { Language: Language } }).Kusto
  .Language;

const tables = Object.entries(azureMonitor.tables).map(([name, columns]) => {
  const schema = Object.entries(columns).map(([column, type]) => `${column}: ${type}`);
  return Symbols.TableSymbol.From(`(${schema.join(', ')})`).WithName(name);
});
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', tables));

const listOf = <T>(list: List<T>): T[] => Array.from({ length: list.Count }, (_, at) => list.getItem(at));

/** `problems`: every diagnostic, whatever its severity. `columns`: those of the answer. */
export type Analysis = { syntax: Node; problems: string[]; columns: string[] };

/** Parses and analyses a query against the tables of Azure Monitor. */
export function analyse(query: string): Analysis {
  const code = KustoCode.ParseAndAnalyze(query, globals);
  const problems = listOf(code.GetDiagnostics()).map(
    ({ Message, Start }) => `line ${query.slice(0, Start).split('\n').length}: ${Message}`,
  );
  const columns = code.ResultType?.Columns;
  return {
    syntax: code.Syntax,
    problems,
    columns: columns === undefined ? [] : listOf(columns).map(({ Name }) => Name),
  };
}

export const tableNames: readonly string[] = Object.keys(azureMonitor.tables);
