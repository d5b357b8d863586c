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

/** Where the baselines are: the stack's folder (`.local`), and which directory they are of; those of another one do not count. */
export type BaselinePlace = { folder: string; directory: string };

/** Both baselines; empty where there are none, or where they were left by another stack. */
export async function readBaseline(
  place: BaselinePlace,
): Promise<{ identities: Identities; onPremises: OnPremises }> {
  return {
    identities: identitiesSchema.parse(await readOf(place, identitiesFile)),
    onPremises: onPremisesSchema.parse(await readOf(place, onPremisesFile)),
  };
}

export const saveIdentities = (place: BaselinePlace, identities: Identities): Promise<void> =>
  writeOf(place, identitiesFile, identities);

export const saveOnPremises = (place: BaselinePlace, onPremises: OnPremises): Promise<void> =>
  writeOf(place, onPremisesFile, onPremises);

const identitiesFile = 'identities.json';
const onPremisesFile = 'on-premises.json';

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

const fileSchema = z.object({ directory: z.string(), entries: z.unknown() });

async function readOf({ folder, directory }: BaselinePlace, name: string): Promise<unknown> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => '{}');
  const file = fileSchema.safeParse(JSON.parse(text)).data;
  return file?.directory === directory ? file.entries : {};
}

/** Whole or not at all: a reader never sees half a file. */
async function writeOf({ folder, directory }: BaselinePlace, name: string, entries: unknown): Promise<void> {
  const file = join(folder, name);
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify({ directory, entries }), { mode: 0o600 });
  await rename(temporary, file);
}
