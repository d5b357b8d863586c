import { AddResponse, StatusCodeParser } from 'ldapts';

/**
 * What a Windows domain controller answers instead of success, as ldapts throws it: result code and a diagnostic in Windows' form,
 * line feed and NUL at its end included (reference/ad-ldap.md C.1).
 */
export function refusal(resultCode: number, win32: string, attribute?: string): Error {
  const named = attribute === undefined ? '' : `, Att 90001 (${attribute})`;
  const errorMessage = `${win32}: SvcErr: DSID-031A1236, problem 5003 (WILL_NOT_PERFORM), data 0${named}\n\0`;
  return StatusCodeParser.parse(new AddResponse({ messageId: 0, status: resultCode, errorMessage }));
}

/** How ldapts reports a connection that broke while a request was under way. */
export const lostConnection = (): Error =>
  new Error('Connection closed before message response was received. Message type: ModifyRequest (0x66)');

export const noSuchObject = (): Error => refusal(32, '0000208D');
export const noRights = (): Error => refusal(50, '00002098');
export const tooLong = (attribute: string): Error => refusal(19, '00002082', attribute);
export const badName = (): Error => refusal(34, '0000208F');
export const hasChildren = (): Error => refusal(66, '00002015');
export const nameTaken = (): Error => refusal(68, '00002071');

/** Throws where an expression is wanted. */
export function fail(error: Error): never {
  throw error;
}
