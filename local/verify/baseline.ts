import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DirectoryState } from './directory-state.ts';
import { isBelow } from './dn.ts';

const identitySchema = z.object({
  guid: z.string(),
  sid: z.string().optional(),
  sAMAccountName: z.string().optional(),
  letGo: z.literal(true).optional(),
  written: z.record(z.string(), z.array(z.string())).optional(),
});
const identitiesSchema = z.record(z.string(), identitySchema);

/**
 * What is remembered of the entry of a cloud object: objectGUID and SID as first seen, which must survive leave and return; the
 * sAMAccountName as first seen, which must survive everything; whether its userPrincipalName went to another; and names and
 * attributes as last seen while the object lived, which is what a leaver keeps.
 */
export type Identity = z.infer<typeof identitySchema>;

/** By cloud id. */
export type Identities = z.infer<typeof identitiesSchema>;

const onPremisesSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())));

/** Entries outside the destination as they stood before anything was written: values by objectGUID and attribute. */
export type OnPremises = z.infer<typeof onPremisesSchema>;

/** Where the baselines are: the stack's folder (`.local`), and which directory they are of; those of another one do not count. */
export type BaselinePlace = { folder: string; directory: string };

/** What was remembered; empty where there is nothing, or where it was left by another stack. */
export type Baseline = {
  identities: Identities;
  onPremises: OnPremises;
  /** Cloud ids of accounts that an administrator has disabled in AD, and that the cloud has not disabled and enabled since. */
  disabledOnPremises: readonly string[];
};

export async function readBaseline(place: BaselinePlace): Promise<Baseline> {
  return {
    identities: identitiesSchema.parse(await readOf(place, identitiesFile)),
    onPremises: onPremisesSchema.parse(await readOf(place, onPremisesFile)),
    disabledOnPremises: disabledSchema.parse(await readOf(place, disabledFile)).ids,
  };
}

export const saveIdentities = (place: BaselinePlace, identities: Identities): Promise<void> =>
  writeOf(place, identitiesFile, identities);

export const saveOnPremises = (place: BaselinePlace, onPremises: OnPremises): Promise<void> =>
  writeOf(place, onPremisesFile, onPremises);

/** Whoever disables an account in AD says so here: nothing in AD tells who did it. */
export const saveDisabledOnPremises = (place: BaselinePlace, ids: readonly string[]): Promise<void> =>
  writeOf(place, disabledFile, { ids });

const disabledSchema = z.object({ ids: z.array(z.string()).default([]) });

const identitiesFile = 'identities.json';
const onPremisesFile = 'on-premises.json';
const disabledFile = 'disabled-on-premises.json';

/** Attributes that change by themselves: replication, logons, and back-links of what is ours. */
const volatile = new Set([
  'whenchanged',
  'usnchanged',
  'memberof',
  'directreports',
  'lastlogon',
  'lastlogontimestamp',
  'logoncount',
  'badpwdcount',
  'badpasswordtime',
  'lockouttime',
  'dscorepropagationdata',
]);

/** What is outside the places that are ours now, without what changes by itself. */
export function onPremisesFrom(directory: DirectoryState): OnPremises {
  const { destination, leavers } = directory;
  const isOurs = (dn: string) => isBelow(dn, destination) || (leavers !== undefined && isBelow(dn, leavers));
  return Object.fromEntries(
    directory.entries
      .filter((entry) => !isOurs(entry.dn))
      .map((entry) => [
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
