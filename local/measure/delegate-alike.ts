import { readFile } from 'node:fs/promises';
import { Attribute, type BerWriter, Change, Client, Control } from 'ldapts';

/** Reaches the domain as administrator. */
export type AdministratorAccess = { url: string; caFile: string; adminDn: string; adminPassword: string };

/** LDAP_SERVER_SD_FLAGS with DACL only: owner and SACL stay as they are (MS-ADTS 3.1.1.3.4.1.11). */
class DaclOnly extends Control {
  constructor() {
    super('1.2.840.113556.1.4.801', { critical: true });
  }

  override writeControl(writer: BerWriter): void {
    writer.writeBuffer(Buffer.from([0x30, 3, 2, 1, 4]), 0x04);
  }
}

/** Makes a new OU with the access list of another one: whoever may write there may write here, and is checked as much. */
export async function createUnitAlike(
  unit: string,
  model: string,
  { url, caFile, adminDn, adminPassword }: AdministratorAccess,
): Promise<void> {
  const client = new Client({ url, timeout: 30_000, tlsOptions: { ca: [await readFile(caFile)] } });
  try {
    await client.bind(adminDn, adminPassword);
    await client.add(unit, { objectClass: 'organizationalUnit' });
    const type = 'nTSecurityDescriptor';
    const { searchEntries } = await client.search(
      model,
      { scope: 'base', attributes: [type], explicitBufferAttributes: [type] },
      new DaclOnly(),
    );
    const descriptor = searchEntries[0]?.[type];
    if (!Buffer.isBuffer(descriptor)) throw new Error(`${model} shows no access list`);
    const modification = new Attribute({ type, values: [descriptor] });
    await client.modify(unit, new Change({ operation: 'replace', modification }), new DaclOnly());
  } finally {
    await client.unbind().catch(() => undefined);
  }
}
