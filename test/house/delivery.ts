import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** The files outside of the code that tell machines what to run: workflows, azure.yaml, editor settings. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');
export const filesLike = (...patterns: string[]): string[] => globSync(patterns, { cwd: root }).sort();

const manifest = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));
export const { scripts, version } = manifest;

const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const job = z.object({
  if: z.string().optional(),
  environment: z.string().optional(),
  env: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  with: z.record(z.string(), z.string()).optional(),
  uses: z.string().optional(),
  'timeout-minutes': z.number().optional(),
  permissions: permissions.optional(),
  steps: z.array(step).optional(),
});
const workflow = z.object({
  permissions,
  concurrency: z.object({ group: z.string() }).optional(),
  jobs: z.record(z.string(), job),
});
export type Workflow = z.infer<typeof workflow>;
export type Job = z.infer<typeof job>;

/** Every workflow by file name, as a YAML parser reads it. Throws where it does not have the shape. */
export const workflows: Record<string, Workflow> = Object.fromEntries(
  filesLike('.github/workflows/*.yml').map((path) => [
    path.replace('.github/workflows/', ''),
    workflow.parse(parse(read(path))),
  ]),
);

/** Every job with its workflow and both names. */
export const jobs: { name: string; job: Job; workflow: Workflow }[] = Object.entries(workflows).flatMap(
  ([file, workflow]) =>
    Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job, workflow })),
);

const hook = z.object({ shell: z.string(), run: z.string() });
const azure = z.object({
  name: z.string(),
  infra: z.object({ provider: z.literal('bicep'), path: z.string(), module: z.string() }),
  services: z.record(
    z.string(),
    z.object({
      project: z.string(),
      host: z.literal('function'),
      language: z.string(),
      dist: z.string(),
      remoteBuild: z.boolean(),
      hooks: z.record(z.string(), z.object({ posix: hook, windows: hook })),
    }),
  ),
});

export const azureYaml = azure.parse(parse(read('azure.yaml')));

export const dependabot = z
  .object({
    version: z.literal(2),
    updates: z.array(
      z.object({
        'package-ecosystem': z.string(),
        directory: z.literal('/'),
        schedule: z.object({ interval: z.enum(['daily', 'weekly']) }),
      }),
    ),
  })
  .parse(parse(read('.github/dependabot.yml')));

/** A file of the editor, without comments by our own rule. */
export const json = (path: string): unknown => JSON.parse(read(path));
