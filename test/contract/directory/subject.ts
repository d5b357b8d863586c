import type { Directory, Guid, Sid } from '../../../relay/ports.ts';

/** A directory under test, and the hands of somebody else in the same domain. */
export type Subject = {
  directory: Directory;
  backstage: Backstage;
  /** Whether deleted entries keep everything, or become tombstones. */
  recycleBin: boolean;
  /** A suffix that the forest lists besides its domains. */
  upnSuffix: string;
  close(): Promise<void>;
};

export type Made = { guid: Guid; sid: Sid };

/** What an administrator of the domain does behind the relay's back. */
export type Backstage = {
  /** An enabled user outside the destination. */
  person(accountName: string): Promise<Made>;
  /** Many users outside the destination. */
  crowd(prefix: string, count: number): Promise<Guid[]>;
  /** A user in the destination that the relay did not create. */
  stranger(cn: string, attributes: Record<string, string>): Promise<Made>;
  /** A contact in the destination. */
  contact(cn: string): Promise<Guid>;
  set(guid: Guid, attribute: string, values: string[]): Promise<void>;
  rename(guid: Guid, cn: string): Promise<void>;
  /** Moves an entry to the parent of the destination. */
  moveOut(guid: Guid): Promise<void>;
  /** Values of an attribute as an administrator sees them. */
  valuesOf(guid: Guid, attribute: string): Promise<string[]>;
};
