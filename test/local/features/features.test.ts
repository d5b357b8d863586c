import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tagsInSource, tagsOf, testsOfReport } from '../../../local/features/evidence.ts';
import type { Feature, Section } from '../../../local/features/feature.ts';
import { judge } from '../../../local/features/judge.ts';
import { renderFeatures } from '../../../local/features/render.ts';
import { sections } from '../../../local/features/rows/sections.ts';

const tag = (name: string): string => `[${name}]`;

type Assertion = { title: string; ancestorTitles?: string[]; status?: string };

/** A report as vitest writes it, of one file. */
const reportOf = (assertions: Assertion[], file = '/repo/test/a.test.ts'): string =>
  JSON.stringify({
    numTotalTests: assertions.length,
    testResults: [
      {
        name: file,
        status: 'passed',
        assertionResults: assertions.map(({ title, ancestorTitles = [], status = 'passed' }) => ({
          ...{ title, ancestorTitles, status },
          fullName: title,
        })),
      },
    ],
  });

const testsFor = (...assertions: Assertion[]) => testsOfReport(reportOf(assertions), '/repo');
const sectionOf = (...rows: Feature[]): Section[] => [{ title: 'Users', about: 'About.', rows }];
const swap: Feature = {
  name: 'Swap',
  support: 'yes',
  how: 'Both work.',
  option: 'users.names',
  tags: ['a.swap'],
};

describe('tags', () => {
  it('stand at the beginning of a title, several of them too', () => {
    expect(tagsOf(`${tag('a.swap')} ${tag('b.c-d.5')} works`)).toEqual({
      tags: ['a.swap', 'b.c-d.5'],
      rest: 'works',
    });
    expect(tagsOf('values [1, 2] and [a.swap] later')).toMatchObject({ tags: [] });
    expect(tagsOf('[directory-refused] is a code')).toMatchObject({ tags: [] });
  });

  it('are found in a source, and code is not taken for them', () => {
    const source = `it('${tag('a.swap')} works', () => rows[row.id]); test(\`${tag('b.c')} ${tag('d.e')} \${n}\`)`;
    expect(tagsInSource(source)).toEqual(['a.swap', 'b.c', 'd.e']);
  });

  it('of a describe count for every test in it', () => {
    const [test] = testsFor({ title: 'works', ancestorTitles: [`${tag('a.swap')} names`] });
    expect(test).toEqual({ title: 'names › works', file: 'test/a.test.ts', tags: ['a.swap'], passed: true });
  });
});

describe('a judgement', () => {
  it('has no problem where a passing test shows what is claimed', () => {
    const { sections: judged, problems } = judge(
      sectionOf(swap),
      testsFor({ title: `${tag('a.swap')} works` }),
    );
    expect(problems).toEqual([]);
    expect(judged[0]?.rows[0]).toMatchObject({ isUnproven: false });
  });

  it.each([
    ['no test has the tag', [], 'Users, Swap: no test is tagged [a.swap]'],
    [
      'a test of it fails',
      [{ title: `${tag('a.swap')} works` }, { title: `${tag('a.swap')} fails`, status: 'failed' }],
      'Users, Swap: 1 of 2 tests tagged [a.swap] did not pass',
    ],
    [
      'its only test is skipped',
      [{ title: `${tag('a.swap')} works`, status: 'skipped' }],
      'Users, Swap: 1 of 1 tests tagged [a.swap] did not pass',
    ],
  ])('has a problem where %s', (_, assertions, problem) => {
    const { sections: judged, problems } = judge(sectionOf(swap), testsFor(...assertions));
    expect(problems).toEqual([problem]);
    expect(renderFeatures(judged)).toContain('| Swap | **unproven** |');
  });

  it('has a problem where a row is called supported and names no tag', () => {
    const { tags: _, ...bare } = swap;
    expect(judge(sectionOf(bare), []).problems).toEqual([
      'Users, Swap: is called supported and names no tag',
    ]);
  });

  it('asks nothing of what is not supported', () => {
    const rows = (['not yet', 'no', 'fact'] as const).map((support) => ({ name: support, support, how: '' }));
    expect(judge(sectionOf(...rows), []).problems).toEqual([]);
  });

  it('names tags that belong to no row, of tests that ran and of suites that did not', () => {
    const tests = testsFor({ title: `${tag('a.swap')} works` }, { title: `${tag('a.swop')} works` });
    const stray = new Map([['e.f', 'test/e2e/x.test.ts']]);
    expect(judge(sectionOf(swap), tests, stray).problems).toEqual([
      'test/a.test.ts: the tag [a.swop] belongs to no row',
      'test/e2e/x.test.ts: the tag [e.f] belongs to no row',
    ]);
  });
});

describe('the page', () => {
  it('says of each row whether, how, by which option and by which tests, whatever the order of the run', () => {
    const assertions = [{ title: `${tag('a.swap')} B <works>` }, { title: `${tag('a.swap')} A | works` }];
    const page = renderFeatures(judge(sectionOf(swap), testsFor(...assertions)).sections);
    expect(page).toContain('| Swap | yes | Both work. | `users.names` | [a.swap](#aswap) (2) |');
    expect(page).toContain('- [test/a.test.ts](../test/a.test.ts)\n  - A \\| works\n  - B \\<works\\>\n');
    expect(renderFeatures(judge(sectionOf(swap), testsFor(...assertions.toReversed())).sections)).toBe(page);
  });
});

const textOf = (...files: string[]): string =>
  files.map((file) => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')).join('\n');

describe('the rows', () => {
  it('name options that exist', () => {
    const settings = textOf('relay/config.ts', 'shared/config.ts', 'shared/telemetry/settings.ts');
    const files = ['configuration/define-config.ts', 'configuration/try-mapping.ts', 'domain/settings.ts'];
    const options = textOf(...files.map((file) => `shared/${file}`));
    const named = sections.flatMap(({ rows }) => rows.flatMap(({ option = '' }) => option.split(', ')));
    for (const option of named.filter((each) => each !== '')) {
      const words = option.split(/[.:]/).filter((word) => /^\w+$/.test(word));
      for (const word of words)
        expect(/^[A-Z_]+$/.test(word) ? settings : options, option).toMatch(new RegExp(`\\b${word}\\b`));
    }
  });

  it('have a name, and how; those that are supported have a tag', () => {
    for (const row of sections.flatMap(({ rows }) => rows)) {
      expect(row.name).not.toBe('');
      if (row.support === 'yes' || row.support === 'part') expect(row.tags, row.name).not.toEqual([]);
      if (row.support !== 'yes' && row.support !== 'part') expect(row.tags ?? [], row.name).toEqual([]);
    }
  });
});
