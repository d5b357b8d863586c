import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Attribute, Change, Client } from 'ldapts';
import type { OwnEndpoints } from '../stack/endpoints.ts';
import { accountColumns } from '../story/outstanding.ts';
import type { Administrator } from '../story/stage.ts';
import { type BaselinePlace, saveDisabledOnPremises } from '../verify/baseline.ts';

const accountDisable = 0x2;
const pauseMs = 100;
const patienceMs = 60_000;

/**
 * Works in AD by hand, as an administrator of the domain would. The verifier is told of what was disabled so: nothing in AD says who
 * did it.
 */
export function adAdministrator(endpoints: OwnEndpoints, place: BaselinePlace): Administrator {
  const disabled = new Set<string>();
  const note = () => saveDisabledOnPremises(place, [...disabled]);
  return {
    disable: async (id) => {
      disabled.add(id);
      await note();
      await disable(endpoints.directory, id);
    },
    disabledByCloud: async (id) => {
      const deadline = Date.now() + patienceMs;
      const read = () => accountColumns(endpoints.tables.connectionString, id);
      while ((await read()).enabled !== false) {
        if (Date.now() > deadline) throw new Error(`nobody has seen that ${id} is disabled in the cloud`);
        await sleep(pauseMs);
      }
    },
    release: async (id) => {
      disabled.delete(id);
      await note();
    },
  };
}

async function disable(directory: OwnEndpoints['directory'], id: string): Promise<void> {
  await asAdministrator(directory, async (client) => {
    const { searchEntries } = await client.search(directory.destination, {
      filter: `(adminDescription=User_${id})`,
      attributes: ['userAccountControl'],
    });
    const [entry] = searchEntries;
    if (entry === undefined) throw new Error(`${id} has no entry that could be disabled`);
    const control = Number(entry['userAccountControl']) | accountDisable;
    const modification = new Attribute({ type: 'userAccountControl', values: [String(control)] });
    await client.modify(entry.dn, new Change({ operation: 'replace', modification }));
  });
}

/** Adds a computer whose account name somebody in the cloud would like. */
export async function addComputer(directory: OwnEndpoints['directory'], name: string): Promise<void> {
  await asAdministrator(directory, (client) =>
    client.add(`CN=${name},CN=Computers,${directory.baseDn}`, {
      ...{ objectClass: 'computer', sAMAccountName: name, userAccountControl: '4096' },
    }),
  );
}

async function asAdministrator(
  { url, caFile, adminDn, adminPassword }: OwnEndpoints['directory'],
  work: (client: Client) => Promise<unknown>,
): Promise<void> {
  const client = new Client({ url, timeout: 10_000, tlsOptions: { ca: [await readFile(caFile)] } });
  try {
    await client.bind(adminDn, adminPassword);
    await work(client);
  } finally {
    await client.unbind().catch(() => undefined);
  }
}
