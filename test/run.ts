/**
 * Runs the tests and ends with `N passed, N failed`: `node test/run.ts` everything, `--check` what needs no process (under a
 * minute; what docs/features.md claims is held against its unit tests), `--contract broker|graph|directory|tables|host|telemetry` one contract suite.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killGroup } from '../local/stack/process-group.ts';
import { type Reaper, startReaper } from '../local/stack/reaper.ts';

type Count = { passed: number; failed: number };
type Stage = { name: string; run: () => Promise<Count> };

const bin = (name: string) => join(import.meta.dirname, '..', 'node_modules', '.bin', name);
const root = join(import.meta.dirname, '..');

const checks: Stage[] = [
  tool('format and lint', bin('biome'), ['ci', '--reporter=summary', '.']),
  tool('types', bin('tsc'), ['--noEmit']),
  tool('typed lint', bin('eslint'), ['.', '--max-warnings=0']),
  tool('arrows', bin('depcruise'), ['functions', 'shared', 'relay', 'local', 'test', '--output-type', 'err']),
  tool('dead code', bin('knip'), ['--no-progress']),
  infra(),
];

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean' }, contract: { type: 'boolean' } },
  allowPositionals: true,
});

/** One folder for all temporary files of a run: whatever a killed test leaves in it goes with the run, even if the run is killed. */
const scratch = mkdtempSync(join(tmpdir(), 'wb-test-'));
const reaper: Reaper = startReaper();
reaper.remove(scratch);
const running = new Set<number>();
let suites = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leaveAtOnce);
await main();
rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
await reaper.dismiss();

/** What a killed stage had started may still be writing for a moment: the reaper outlives us and removes the folder then. */
function leaveAtOnce(): void {
  for (const group of running) killGroup(group);
  process.exit(130);
}

async function main(): Promise<void> {
  const startedAt = performance.now();
  const total: Count = { passed: 0, failed: 0 };
  for (const stage of stages()) {
    const begun = performance.now();
    console.log(`\n── ${stage.name}`);
    const count = await stage.run();
    total.passed += count.passed;
    total.failed += count.failed;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`── ${stage.name}: ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
  }
  console.log(`\n${((performance.now() - startedAt) / 1000).toFixed(0)} s in all`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

function stages(): Stage[] {
  if (values.contract)
    return positionals.length === 0
      ? [suite('contract')]
      : positionals.map((name) => suite('contract', `test/contract/${name}/`));
  const unitReport = join(scratch, 'unit-report.json');
  const fast = [
    ...checks,
    suite('unit', undefined, unitReport),
    tool('features', process.execPath, ['local/features/main.ts', '--check', '--report', unitReport]),
  ];
  return values.check
    ? fast
    : [
        ...fast,
        tool('build', process.execPath, ['local/build.mjs']),
        suite('contract'),
        suite('stack'),
        suite('e2e'),
      ];
}

/** A tool that passes or fails as a whole counts as one. */
function tool(name: string, command: string, args: string[]): Stage {
  return {
    name,
    run: async () =>
      (await exitCodeOf(command, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
  };
}

/**
 * Bicep's own compiler over infra/. Where it cannot be had (exit code 3) it says how to get it and this counts nothing; with
 * WRITEBACK_INFRA=required, as in .ci/run, that is a failure.
 */
function infra(): Stage {
  return {
    name: 'infra',
    run: async () => {
      const code = await exitCodeOf(process.execPath, ['local/infra/main.ts', '--check']);
      if (code === 3) return { passed: 0, failed: 0 };
      return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
  };
}

/** A vitest project, counted from vitest's own report: a suite that found no test, or could not be read, is a failure. */
function suite(project: string, filter?: string, report = join(scratch, `report-${++suites}.json`)): Stage {
  return {
    name: filter ?? `${project} tests`,
    run: async () => {
      try {
        const args = [
          'run',
          '--project',
          project,
          '--reporter=default',
          '--reporter=json',
          `--outputFile=${report}`,
        ];
        const code = await exitCodeOf(bin('vitest'), filter === undefined ? args : [...args, filter]);
        return countFrom(readFileSync(report, 'utf8'), code);
      } catch {
        return { passed: 0, failed: 1 };
      }
    },
  };
}

function countFrom(report: string, exitCode: number): Count {
  const { numPassedTests, numFailedTests } = JSON.parse(report) as Record<string, number>;
  const passed = numPassedTests ?? 0;
  const failed = numFailedTests ?? 0;
  const silentFailure = exitCode !== 0 || passed === 0 ? 1 : 0;
  return { passed, failed: Math.max(failed, silentFailure) };
}

function exitCodeOf(command: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, TMPDIR: scratch },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const group = child.pid ?? 0;
    if (group > 0) {
      running.add(group);
      reaper.watch(group);
    }
    child.once('error', reject);
    child.once('exit', (code) => {
      running.delete(group);
      reaper.forget(group);
      resolve(code ?? 1);
    });
  });
}
