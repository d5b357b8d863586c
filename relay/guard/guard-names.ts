import type { StateCommand } from '../../shared/contracts/command.ts';
import { WritebackError } from '../../shared/errors.ts';

/** Limits of Windows AD that Samba does not enforce (MS-ADTS 3.1.1.5.3, ms-DS naming pages). UTF-16 units. */
const cnLength = 64;
const accountNameLength = { user: 20, group: 256 };
const principalNameLength = 1024;

/** Characters that Windows refuses in a sAMAccountName, control characters and `@` among them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const badInAccountName = /["/\\[\]:;|=,+*?<>@\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const control = /[\u0000-\u001f\u007f]/;

export type NameKind = 'cn' | 'sAMAccountName' | 'userPrincipalName';

/** Whether AD takes this text as a name. */
export function isNameAllowed(type: StateCommand['type'], name: NameKind, text: string): boolean {
  if (name === 'cn')
    return text.length <= cnLength && !control.test(text) && text.trim() === text && text !== '';
  if (name === 'sAMAccountName')
    return (
      text.length <= accountNameLength[type] &&
      !badInAccountName.test(text) &&
      !text.endsWith('.') &&
      text.trim() === text &&
      text !== ''
    );
  return text.length <= principalNameLength && /^[^@\s]+@[^@\s]+$/.test(text) && !control.test(text);
}

/** Throws value-not-allowed, with the name of the attribute, where no AD would take the text. */
export function guardName(type: StateCommand['type'], name: NameKind, text: string): void {
  if (!isNameAllowed(type, name, text)) throw new WritebackError('value-not-allowed', { detail: name });
}
