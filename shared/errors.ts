import type { DurationMs } from './domain/time.ts';

/** What happens next after an error (DESIGN.md section 6). */
export type Disposition = 'retry' | 'wait' | 'reject' | 'halt' | 'defect';

/**
 * Every error that this software can report, with its disposition and a sentence for people: what is wrong, and for what waits
 * for a person, what to do about it. The table is total: an unknown error becomes `defect`.
 */
export const errorTable = {
  // Microsoft Graph
  'graph-throttled': ['retry', 'Microsoft Graph asked us to slow down'],
  'graph-unavailable': ['retry', 'Microsoft Graph did not answer or answered 5xx'],
  'graph-refused': ['halt', 'Microsoft Graph refused the application (401 or 403): check its permissions'],
  'graph-invalid': ['defect', 'Microsoft Graph answered something that our schema does not allow'],
  'graph-incomplete': ['retry', 'an answer of Microsoft Graph lacked a property that is never null'],
  // Service Bus and tables
  'bus-unavailable': ['retry', 'Service Bus did not answer'],
  'bus-refused': ['halt', 'Service Bus refused our credentials: check the role assignments of this identity'],
  'message-too-large': ['defect', 'a message does not fit the tier of the namespace'],
  'state-unavailable': ['retry', 'the state tables did not answer'],
  'fence-lost': ['retry', 'another reader took the cursor over; it does the work'],
  'lock-lost': ['retry', 'the session lock was lost or is too short for another directory write'],
  // Messages
  'message-invalid': ['reject', 'a message could not be parsed'],
  'version-unknown': ['halt', 'a message has a contract version that this build does not know: update it'],
  // Directory: availability and configuration
  'directory-unavailable': ['retry', 'the domain controller did not answer'],
  'directory-busy': ['retry', 'the domain controller is busy'],
  'directory-untrusted': [
    'halt',
    'the certificate of the domain controller is not trusted: check DIRECTORY_CA_FILE',
  ],
  'credentials-refused': [
    'halt',
    'the domain controller refused the service account: check its name and password in the settings of the relay',
  ],
  'destination-missing': [
    'halt',
    'the destination OU does not exist, or may not be read: check DIRECTORY_DESTINATION',
  ],
  'rights-missing': [
    'reject',
    'the service account lacks a right on this entry: grant it as docs/security.md lists, or move the entry back to where it was created',
  ],
  'schema-missing': [
    'reject',
    'the forest schema lacks an attribute: take it out of the mapping, or extend the schema',
  ],
  // Directory: one object
  'name-taken': [
    'reject',
    'every candidate name is taken by another entry: rename one of the two, or add candidates in writeback.config.ts',
  ],
  'upn-taken': [
    'reject',
    'the userPrincipalName belongs to an entry that we did not create, everything else is written: change one of the two',
  ],
  'name-awaited': [
    'wait',
    'the userPrincipalName is held by another object of ours, which has to let it go first: nothing to do, unless it lasts for hours',
  ],
  'leavers-missing': [
    'reject',
    'the policy moves leavers, but the relay has no leavers\u2019 OU: set DIRECTORY_LEAVERS, or choose another policy',
  ],
  'mark-ambiguous': [
    'reject',
    'several entries carry the mark of this object: remove adminDescription from all but one',
  ],
  'mark-foreign': [
    'reject',
    'an entry carries the mark of this object, but we did not create it: remove its adminDescription, or accept its owner (docs/security.md)',
  ],
  'entry-protected': [
    'reject',
    'the entry is privileged (adminCount 1), and the relay changes no such entry: take it out of the privileged groups and clear adminCount',
  ],
  'entry-missing': [
    'reject',
    'the entry that this command is about does not exist: it is made anew when the object is rung',
  ],
  'entry-moved': ['reject', 'the entry was moved out of the destination: move it back, or delete it'],
  'entry-has-children': [
    'reject',
    'the entry has objects below it (mobile devices of Exchange, for instance): delete them, or choose a policy that keeps the entry',
  ],
  'group-is-primary': [
    'reject',
    'the group is the primary group of an account, so AD neither makes it a distribution group nor deletes it: give those accounts another primary group',
  ],
  'value-refused': [
    'reject',
    'the directory refused a value: correct it in the cloud, or change how it is mapped',
  ],
  'attribute-not-allowed': [
    'reject',
    'the mapping names an attribute that the relay may not write: add it to DIRECTORY_EXTRA_ATTRIBUTES there, or take it out of the mapping',
  ],
  'value-not-allowed': [
    'reject',
    'the relay may not write this value: choose another one in the cloud or in the mapping',
  ],
  'password-refused': [
    'reject',
    'the domain refused a random password: let its policy accept long ones made of all kinds of characters',
  ],
  'directory-refused': [
    'reject',
    'the directory refused the change: the event log of the domain controller may say why; it is tried again',
  ],
  // Members
  'member-missing': [
    'wait',
    'the member has no entry yet; where it is a synced one, no entry has its SID: look whether it is synced from this forest, and still in AD',
  ],
  'member-refused': [
    'reject',
    'the directory refused the member: AD does not allow this kind of member in this kind of group',
  ],
  'member-protected': [
    'reject',
    'the member is privileged, built in, or neither user nor group, so it is left out: take it out of the cloud group',
  ],
  // Cloud objects
  'object-unusable': [
    'reject',
    'the cloud object gives no usable userPrincipalName: give it one, or change users.names in writeback.config.ts',
  ],
  'mapping-failed': [
    'reject',
    'a function of writeback.config.ts failed for this object: correct it and deploy, or correct the object',
  ],
  // Anything else
  'dead-lettered': [
    'reject',
    'the command was delivered too often without success: look for this object in the log of the relay; it is tried again',
  ],
  defect: ['defect', 'an unexpected error'],
} as const satisfies Record<string, readonly [Disposition, string]>;

export type ErrorCode = keyof typeof errorTable;
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

export const dispositionOf = (code: ErrorCode): Disposition => errorTable[code][0];

/** The one error class. `message` names what is wrong and holds no attribute value or secret. */
export class WritebackError extends Error {
  readonly code: ErrorCode;
  readonly disposition: Disposition;
  readonly retryAfterMs: DurationMs | undefined;

  constructor(
    code: ErrorCode,
    options: { detail?: string; cause?: unknown; retryAfterMs?: DurationMs } = {},
  ) {
    const sentence = errorTable[code][1];
    super(`[${code}] ${options.detail === undefined ? sentence : `${sentence} (${options.detail})`}`, {
      cause: options.cause,
    });
    this.name = 'WritebackError';
    this.code = code;
    this.disposition = dispositionOf(code);
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Ours as it is; anything else as a defect with the foreign error as its cause. */
  static from(error: unknown): WritebackError {
    if (error instanceof WritebackError) return error;
    const detail = error instanceof Error ? error.name : typeof error;
    return new WritebackError('defect', { detail, cause: error });
  }
}
