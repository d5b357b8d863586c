import { describe, expect, test } from 'vitest';
import { problemsOf } from './kql/check-query.ts';
import { queriesOfDocs, queriesOfPage, queryFiles } from './kql/queries.ts';

const wrong = (queries: { from: string; text: string }[]) =>
  queries
    .map(({ from, text }) => ({ from, problems: problemsOf(text) }))
    .filter(({ problems }) => problems.length > 0);

describe('Azure can run every query, and the code emits what it asks for', () => {
  test('in the workbook', () => {
    const queries = queryFiles('workbook');
    expect(queries.length).toBeGreaterThan(20);
    expect(wrong(queries)).toEqual([]);
  });
  test('in the docs', () => {
    const queries = queriesOfDocs();
    expect(new Set(queries.map(({ from }) => from.split(',')[0]))).toContain('docs/operations.md');
    expect(wrong(queries)).toEqual([]);
  });
});

test('a query of a page that is wrong is found, wherever it is indented', () => {
  const page = "# Page\n\n1. Look:\n   ```kusto\n   AppTraces | where Message == 'aplied' | count\n   ```\n";
  expect(wrong(queriesOfPage('docs/page.md', page))).toEqual([
    { from: 'docs/page.md, query 1', problems: ['nobody emits aplied into AppTraces'] },
  ]);
});
