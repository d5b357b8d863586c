import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Settings } from './settings.ts';

/** Which process a part is and how it says that it is ready. */
export type PartPlan = {
  name: string;
  file: string;
  args: readonly string[];
  /** The whole environment. */
  settings: Settings;
  /** `line`: it prints `{"ready":"<name>",…}`; otherwise when the promise resolves. */
  ready: 'line' | (() => Promise<unknown>);
  /** How long it may take to end by itself, if not as long as the others. */
  graceMs?: number;
  /**
   * In production it runs on machines of its own, in Azure: here it must not take the processors from the domain controller and the
   * relay, which do the work that is measured.
   */
  yields?: boolean;
};

/** The folder of this clone, without a slash at the end. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A part written by us: an entry file (absolute, or below the repository), settings and arguments. */
export const nodePart = (
  name: string,
  entry: string,
  { settings, args = [] }: { settings: Settings; args?: readonly string[] },
): PartPlan => ({
  name,
  file: process.execPath,
  args: [resolve(repositoryRoot, entry), ...args],
  settings: { ...inherited(), ...settings },
  ready: 'line',
});

/** Of our own environment a part gets only what any program needs. */
const inherited = (): Settings =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
