import type { ErrorCode } from '../../shared/errors.ts';

/** What a domain controller said: LDAP result code and its diagnostic text. */
export type Answer = { resultCode: number; text: string };

/** What is asked decides what "no such object" means. */
export type Operation = 'bind' | 'search' | 'add' | 'modify' | 'rename' | 'delete';

/**
 * The parts of a diagnostic that may be reported: Windows' error number (8 hex digits, upper case) and, where Windows names
 * it as `Att <hex> (<name>)`, the attribute. The rest may hold values (Samba quotes them) and is for classifying only.
 */
export type Diagnostic = { win32: string | undefined; attribute: string | undefined };

const win32Prefix = /^([0-9A-Fa-f]{8})\b/;
const namedAttribute = /, Att [0-9a-fA-F]+ \(([A-Za-z][A-Za-z0-9-]*)\)/;

/** Reads the reportable parts of a diagnostic text. */
export function diagnosticOf(text: string): Diagnostic {
  return { win32: win32Prefix.exec(text)?.[1]?.toUpperCase(), attribute: namedAttribute.exec(text)?.[1] };
}

const busy = 'directory-busy';
const refused = 'directory-refused';

/** Codes that mean one thing whatever the diagnostic says; what is in neither table is `directory-refused`. */
const byResultCode: Record<number, ErrorCode> = {
  3: busy,
  7: 'credentials-refused',
  8: 'credentials-refused',
  13: 'credentials-refused',
  16: 'schema-missing',
  17: 'schema-missing',
  18: 'value-refused',
  19: 'value-refused',
  20: 'value-refused',
  21: 'value-refused',
  34: 'value-refused',
  48: 'credentials-refused',
  49: 'credentials-refused',
  50: 'rights-missing',
  51: busy,
  52: busy,
  65: 'schema-missing',
  66: 'entry-has-children',
  68: 'name-taken',
};

/** Result code and Windows error number that together mean something more exact (reference/ad-ldap.md C.2). */
const byWin32: Record<string, ErrorCode> = {
  '1:000004DC': 'directory-unavailable',
  '19:000020B5': 'member-missing',
  '19:000021C8': 'upn-taken',
  '19:0000052D': 'password-refused',
  '53:0000052D': 'password-refused',
  '53:00002010': busy,
  '80:00002010': busy,
};

/**
 * Numbers that mean one thing with whatever result code, which nobody has seen for them: a group that is somebody's primary group
 * is to become a distribution group (HAVE_PRIMARY_MEMBERS), or to go (MEMBERS_PRIMARY_GROUP).
 */
const byNumber: Record<string, ErrorCode> = {
  '00002149': 'group-is-primary',
  '0000055E': 'group-is-primary',
};

const upnInUse = /userPrincipalName\b.*\bin use/is;
const samInUse = /samAccountName\b.*\bin use/is;

/** Classifies an answer that is not success. Total: every result code has a code of ours. */
export function classifyAnswer({ resultCode, text }: Answer, operation: Operation): ErrorCode {
  const { win32 } = diagnosticOf(text);
  const exact = win32 === undefined ? undefined : (byWin32[`${resultCode}:${win32}`] ?? byNumber[win32]);
  if (exact !== undefined) return exact;
  // Samba says "already exists" of a primary group that is to go, and of nothing else that is to go.
  if (resultCode === 68 && operation === 'delete') return 'group-is-primary';
  if (resultCode === 19 || resultCode === 68) {
    // Samba has no number of its own for these; its text says which name clashes.
    if (upnInUse.test(text)) return 'upn-taken';
    if (samInUse.test(text)) return 'name-taken';
  }
  if (resultCode === 32) return operation === 'add' ? 'destination-missing' : 'entry-missing';
  return byResultCode[resultCode] ?? refused;
}
