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
type Analysed = { Syntax: Node; GetDiagnostics(): { Count: number; getItem(at: number): Diagnostic } };
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

/** Parses and analyses a query against the tables of Azure Monitor. `problems`: every diagnostic, whatever its severity. */
export function analyse(query: string): { syntax: Node; problems: string[] } {
  const code = KustoCode.ParseAndAnalyze(query, globals);
  const found = code.GetDiagnostics();
  const problems = Array.from({ length: found.Count }, (_, at) => {
    const { Message, Start } = found.getItem(at);
    return `line ${query.slice(0, Start).split('\n').length}: ${Message}`;
  });
  return { syntax: code.Syntax, problems };
}

export const tableNames: readonly string[] = Object.keys(azureMonitor.tables);
