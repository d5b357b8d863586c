import type { Entry as FoundEntry } from 'ldapts';

/** Attributes whose values are bytes even where they happen to be valid UTF-8; spelled as the server spells them. */
export const binaryAttributes = [
  'objectGUID',
  'objectSid',
  'nTSecurityDescriptor',
  'thumbnailPhoto',
  'jpegPhoto',
  'mS-DS-ConsistencyGuid',
];

const lowerCaseBinary = new Set(binaryAttributes.map((name) => name.toLowerCase()));

/** Whether an attribute holds bytes, whatever the case of its name. */
export const isBinary = (attribute: string): boolean => lowerCaseBinary.has(attribute.toLowerCase());

/**
 * An entry as found, by attribute name in any case.
 *
 * ldapts gives an absent attribute as an empty list, one value bare and several as a list; here an attribute is always a list.
 */
export class LdapEntry {
  readonly dn: string;
  readonly #values = new Map<string, readonly (string | Buffer)[]>();

  constructor(found: FoundEntry) {
    this.dn = found.dn;
    for (const [name, value] of Object.entries(found)) {
      if (name !== 'dn') this.#values.set(name.toLowerCase(), Array.isArray(value) ? value : [value]);
    }
  }

  /** Names of what was found, in lower case, options such as `;range=0-1499` included. */
  get names(): string[] {
    return [...this.#values.keys()];
  }

  /** Whether it has a value of the attribute. */
  has(name: string): boolean {
    return this.#valuesOf(name).length > 0;
  }

  /** All values as text. */
  texts(name: string): string[] {
    return this.#valuesOf(name).map((value) => (typeof value === 'string' ? value : value.toString('utf8')));
  }

  /** The first value as text. */
  text(name: string): string | undefined {
    return this.texts(name)[0];
  }

  /** The first value as bytes. */
  bytes(name: string): Buffer | undefined {
    const value = this.#valuesOf(name)[0];
    return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  }

  /** The first value as an integer. */
  integer(name: string): number | undefined {
    const text = this.text(name);
    return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
  }

  #valuesOf(name: string): readonly (string | Buffer)[] {
    return this.#values.get(name.toLowerCase()) ?? [];
  }
}
