import { ResultCodeError } from 'ldapts';
import { type ErrorCode, WritebackError } from '../../shared/errors.ts';
import { classifyAnswer, diagnosticOf, type Operation } from './diagnostic.ts';

/** A WritebackError that still knows the LDAP result code, for decisions inside this adapter. */
export class LdapFailure extends WritebackError {
  /** Undefined where the server did not answer. */
  readonly resultCode: number | undefined;

  constructor(code: ErrorCode, options: { detail: string; cause?: unknown; resultCode?: number }) {
    super(code, options);
    this.name = 'LdapFailure';
    this.resultCode = options.resultCode;
  }
}

/** Codes of Node's TLS for a certificate that cannot be believed. */
const untrusted =
  /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|OCSP/;

/** What a mistake in our own code throws; never a reason to try again. */
const bugs = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Anything that ldapts throws as ours. The text of the server stays behind, because it quotes values; what is kept are result code,
 * Windows error number and attribute name.
 */
export function ldapFailure(error: unknown, operation: Operation): WritebackError {
  if (error instanceof WritebackError) return error;
  if (error instanceof ResultCodeError) return answered(error, operation);
  if (bugs.some((bug) => error instanceof bug)) return WritebackError.from(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (untrusted.test(code)) return new LdapFailure('directory-untrusted', { detail: code, cause: error });
  // ldapts reports everything about the socket as a plain Error: timeouts, lost connections, refused connections.
  const reason = code === '' ? socketReason(error) : code;
  return new LdapFailure('directory-unavailable', { detail: `${operation}: ${reason}`, cause: error });
}

function answered(error: ResultCodeError, operation: Operation): LdapFailure {
  const text = serverText(error);
  const { win32, attribute } = diagnosticOf(text);
  const named = attribute === undefined ? '' : ` (${attribute})`;
  const detail = `${operation}: result ${error.code}${win32 === undefined ? '' : `, ${win32}`}${named}`;
  const code = classifyAnswer({ resultCode: error.code, text }, operation);
  return new LdapFailure(code, { detail, resultCode: error.code });
}

/** ldapts appends ` Code: 0x..`; Windows ends its text with a line feed and a NUL. */
const serverText = (error: Error): string => error.message.replace(/[\s\0]*Code: 0x[0-9a-f]+$/, '');

function socketReason(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  if (/timed out|timeout/i.test(text)) return 'timed out';
  return /closed|socket/i.test(text) ? 'connection lost' : 'no answer';
}
