import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { renderTelemetry } from './render.ts';

/**
 * `npm run telemetry`: writes docs/telemetry.md from the tables in shared/telemetry. `--check` writes nothing and fails where the page is
 * out of date.
 */
const page = join(import.meta.dirname, '..', '..', 'docs', 'telemetry.md');

const { check } = new Command('npm run telemetry --')
  .description('Writes docs/telemetry.md: every metric, span and event, and where to find them.')
  .option('--check', 'write nothing; fail where the page is out of date')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ check?: boolean }>();

const text = renderTelemetry();
if (check !== true) writeFileSync(page, text);
else if (textOf(page) !== text) {
  process.stdout.write('docs/telemetry.md is out of date: npm run telemetry\n');
  process.exitCode = 1;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
