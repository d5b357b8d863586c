import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { tagsInSource, testsOfReport } from './evidence.ts';
import { type Judgement, judge } from './judge.ts';
import { renderFeatures } from './render.ts';
import { sections } from './rows/sections.ts';

/**
 * `npm run features`: writes docs/features.md from local/features/rows and the tests that are tagged with a row. `--check` writes
 * nothing and fails where a row is called supported without a passing test, a tag belongs to no row, or the page is out of date.
 */
const root = join(import.meta.dirname, '..', '..');
const page = join(root, 'docs', 'features.md');

type Options = { check?: boolean; json?: boolean; report?: string };

const options = new Command('npm run features --')
  .description('Writes docs/features.md: what is supported, how, and which tests show it.')
  .option('--check', 'write nothing; fail where the page is out of date or claims what no passing test shows')
  .option('--report <file>', 'JSON report of a finished run of the unit tests; without it they run now')
  .option('--json', 'print one JSON object instead of sentences')
  .addHelpText(
    'after',
    '\nExit code: 0 all is shown by tests, 1 something is not, 2 the tests could not be run.',
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<Options>();

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`Cannot tell. ${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});

async function main(): Promise<number> {
  const report = options.report === undefined ? await runUnitTests() : readFileSync(options.report, 'utf8');
  const judgement = judge(sections, testsOfReport(report, root), tagsOfSources());
  const text = renderFeatures(judgement.sections);
  const problems = [...judgement.problems];
  if (options.check !== true) writeFileSync(page, text);
  else if (textOf(page) !== text) problems.push('docs/features.md is out of date: npm run features');
  print(judgement, problems);
  return problems.length === 0 ? 0 : 1;
}

/** Progress on standard error; the report in a folder that is gone afterwards. Failing tests are told by the report. */
async function runUnitTests(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'wb-features-'));
  const file = join(folder, 'report.json');
  if (options.json !== true) process.stderr.write('The unit tests run …\n');
  try {
    const args = ['run', '--project', 'unit', '--reporter=json', `--outputFile=${file}`];
    await new Promise<void>((resolve) => {
      execFile(join(root, 'node_modules', '.bin', 'vitest'), args, { cwd: root, maxBuffer: 2 ** 28 }, () =>
        resolve(),
      );
    });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tags in the titles of every suite, with a file that has each: a check runs the unit tests only. */
function tagsOfSources(): Map<string, string> {
  const files = globSync('test/**/*.test.ts', { cwd: root });
  return new Map(
    files.flatMap((file) => tagsInSource(readFileSync(join(root, file), 'utf8')).map((tag) => [tag, file])),
  );
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function print({ sections: judged }: Judgement, problems: readonly string[]): void {
  const rows = judged.flatMap((section) => section.rows);
  if (options.json === true) {
    const told = rows.map(({ name, support, isUnproven, option, proofs }) => ({
      ...{ name, support, proven: !isUnproven, option },
      tests: proofs.map(({ tag, tests }) => ({ tag, count: tests.length })),
    }));
    process.stdout.write(`${JSON.stringify({ problems, rows: told })}\n`);
    return;
  }
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  const claimed = rows.filter(({ support }) => support === 'yes' || support === 'part');
  const proven = claimed.filter(({ isUnproven }) => !isUnproven).length;
  process.stdout.write(
    `${rows.length} rows, ${claimed.length} called supported, ${proven} of them shown by tests\n`,
  );
}
