import { type BerWriter, Control } from 'ldapts';

const octetString = 0x04;

/** A control with a fixed value, written as an octet string. */
class ValueControl extends Control {
  readonly #value: Buffer;

  constructor(type: string, value: readonly number[]) {
    super(type, { critical: true });
    this.#value = Buffer.from(value);
  }

  override writeControl(writer: BerWriter): void {
    writer.writeBuffer(this.#value, octetString);
  }
}

/**
 * LDAP_SERVER_SD_FLAGS with OWNER only (MS-ADTS 3.1.1.3.4.1.11): without it the server wants to include the SACL, which an
 * unprivileged account may not read, and leaves the whole attribute out.
 */
export const ownerOnly = (): Control => new ValueControl('1.2.840.113556.1.4.801', [0x30, 3, 2, 1, 1]);

/** LDAP_SERVER_EXTENDED_DN in string form (3.1.1.3.4.1.5): every DN comes as `<GUID=…>;<SID=…>;CN=…`, anchors without a second search. */
export const extendedDn = (): Control => new ValueControl('1.2.840.113556.1.4.529', [0x30, 3, 2, 1, 1]);

/**
 * LDAP_SERVER_PERMISSIVE_MODIFY (3.1.1.3.4.1.8): a value already there or already gone is success. Not critical, because nobody here
 * trusts it: Samba advertises it and ignores it for linked attributes.
 */
export const permissiveModify = (): Control => new Control('1.2.840.113556.1.4.1413');

/** LDAP_SERVER_SHOW_DELETED (3.1.1.3.4.1.14): tombstones and the recycle bin are seen, and may be named by a write. */
export const showDeleted = (): Control => new Control('1.2.840.113556.1.4.417', { critical: true });
