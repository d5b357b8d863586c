import type { Dn, Guid, Sid } from '../ports.ts';
import { guidFromText } from './codec/guid-codec.ts';
import { sidFromText } from './codec/sid-codec.ts';

/** A DN with the anchors of its entry; a contact has no SID. */
export type ExtendedDn = { guid: Guid; sid: Sid | undefined; dn: Dn };

const form = /^<GUID=([^>]*)>;(?:<SID=([^>]*)>;)?([\s\S]*)$/i;

/** Reads `<GUID=…>;<SID=…>;CN=…` (MS-ADTS 3.1.1.3.4.1.5, string form); undefined where the text is not of that form. */
export function parseExtendedDn(text: string): ExtendedDn | undefined {
  const match = form.exec(text);
  const guid = match?.[1] === undefined ? undefined : guidFromText(match[1]);
  if (match === null || guid === undefined) return undefined;
  const sid = match[2] === undefined ? undefined : sidFromText(match[2]);
  return { guid, sid, dn: (match[3] ?? '') as Dn };
}

/** The plain DN of a text that may be in extended form. */
export const plainDn = (text: string): Dn => parseExtendedDn(text)?.dn ?? (text as Dn);
