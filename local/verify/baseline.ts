import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DirectoryState } from './directory-state.ts';
import { isBelow } from './dn.ts';

const identitiesSchema = z.record(z.string(), z.object({ guid: z.string(), sid: z.string().optional() }));

/** objectGUID and SID of the entry of each cloud object, as first seen: they must survive leave and return. */
export type Identities = z.infer<typeof identitiesSchema>;

const onPremisesSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())));

/** Entries outside the destination as they stood before anything was written: values by objectGUID and attribute. */
export type OnPremises = z.infer<typeof onPremisesSchema>;

const identitiesFile = 'identities.json';
const onPremisesFile = 'on-premises.json';

/** Both baselines from the stack's folder (`.local`); empty where there are none. */
export async function readBaseline(
  folder: string,
): Promise<{ identities: Identities; onPremises: OnPremises }> {
  return {
    identities: identitiesSchema.parse(await readJson(join(folder, identitiesFile))),
    onPremises: onPremisesSchema.parse(await readJson(join(folder, onPremisesFile))),
  };
}

export const saveIdentities = (folder: string, identities: Identities): Promise<void> =>
  writeJson(join(folder, identitiesFile), identities);

export const saveOnPremises = (folder: string, onPremises: OnPremises): Promise<void> =>
  writeJson(join(folder, onPremisesFile), onPremises);

/** Attributes that change by themselves: replication, logons, and the back-link of groups that are ours. */
const volatile = new Set([
  'whenchanged',
  'usnchanged',
  'memberof',
  'lastlogon',
  'lastlogontimestamp',
  'logoncount',
  'badpwdcount',
  'badpasswordtime',
  'lockouttime',
  'dscorepropagationdata',
]);

/** What is outside the destination now, without what changes by itself. */
export function onPremisesFrom(directory: DirectoryState): OnPremises {
  const outside = directory.entries.filter((entry) => !isBelow(entry.dn, directory.destination));
  return Object.fromEntries(
    outside.map((entry) => [
      entry.guid,
      Object.fromEntries(
        [...entry.values]
          .filter(([name]) => !volatile.has(name))
          .map(([name, values]) => [name, values.toSorted()]),
      ),
    ]),
  );
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text);
}

/** Whole or not at all: a reader never sees half a file. */
async function writeJson(file: string, value: unknown): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(value), { mode: 0o600 });
  await rename(temporary, file);
}
