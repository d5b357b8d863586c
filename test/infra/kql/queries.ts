import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `text`: as the analyser takes it. */
export type Query = { from: string; text: string };

export const root = join(import.meta.dirname, '..', '..', '..');
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The files of a folder of infra/queries, by name. */
export function queryFiles(folder: 'alerts' | 'workbook'): Query[] {
  return globSync(`infra/queries/${folder}/*.kql`, { cwd: root })
    .toSorted()
    .map((path) => ({ from: path, text: analysable(textOf(path)) }));
}

/** What stands in fences marked `kusto` in a page of the docs. */
export function queriesOfPage(path: string, markdown: string): Query[] {
  return [...markdown.matchAll(/^( *)```kusto\n(.*?)^\1```$/gms)].map(([, , text = ''], at) => ({
    from: `${path}, query ${at + 1}`,
    text: analysable(text),
  }));
}

export function queriesOfDocs(): Query[] {
  return globSync(['docs/**/*.md', 'README.md'], { cwd: root })
    .toSorted()
    .flatMap((path) => queriesOfPage(path, textOf(path)));
}

/** A workbook puts the width of a step in before the query runs; any will do. */
export const analysable = (text: string): string => text.replaceAll('{TimeRange:grain}', '5m');
