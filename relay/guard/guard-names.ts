import { isReserved } from '../../shared/domain/names/reserved.ts';
import type { Kind } from '../../shared/domain/object-id.ts';
import { WritebackError } from '../../shared/errors.ts';
import { foldName } from '../directory/codec/fold-name.ts';

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

/** Whether AD takes this text as a name, and nobody could mistake it for one that Windows gives a meaning. */
export function isNameAllowed(kind: Kind, name: NameKind, text: string): boolean {
  if (name === 'cn')
    return text.length <= cnLength && !control.test(text) && text.trim() === text && text !== '';
  if (name === 'sAMAccountName')
    return (
      text.length <= accountNameLength[kind] &&
      !badInAccountName.test(text) &&
      !text.endsWith('.') &&
      text.trim() === text &&
      text !== '' &&
      !isReserved(foldName(text))
    );
  return text.length <= principalNameLength && /^[^@\s]+@[^@\s]+$/.test(text) && !control.test(text);
}

/** Those of the candidates that AD takes, in their order. Throws value-not-allowed, with the attribute's name, where none is left. */
export function allowedNames(kind: Kind, name: NameKind, candidates: readonly string[]): string[] {
  const allowed = candidates.filter((candidate) => isNameAllowed(kind, name, candidate));
  if (allowed.length === 0) throw new WritebackError('value-not-allowed', { detail: name });
  return allowed;
}

/** Throws value-not-allowed, with the name of the attribute, where no AD would take the text. */
export function guardName(kind: Kind, name: NameKind, text: string): void {
  if (!isNameAllowed(kind, name, text)) throw new WritebackError('value-not-allowed', { detail: name });
}
