import anyAscii from 'any-ascii';
import { cleanText, cutText } from '../clean-text.ts';
import type { ObjectId } from '../object-id.ts';

/**
 * The pieces that names are made of: the defaults use them, and an owner's rule in `writeback.config.ts` may. Definitions:
 * docs/expected-state.md, Names.
 */

/** Letters, digits, `.`, `-` and `_` only: transliterated to ASCII, white space replaced, the ends trimmed. May be empty. */
export function plain(text: string | null | undefined, whiteSpace: '.' | '-' | '_' | '' = '.'): string {
  return anyAscii(cleanText(text))
    .replace(/[^A-Za-z0-9._\s-]/g, '')
    .trim()
    .replace(/\s+/g, whiteSpace)
    .replace(/^[._-]+|[._-]+$/g, '');
}

/** The first `max` UTF-16 units, no half pair; what a cut leaves at the end of `.`, `-`, `_` and spaces goes as well. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : cutText(text, max).replace(/[\s._-]+$/, '');
}

/**
 * The text, the text with 2 to 9, then with `-` and the last four digits of the object's id; each cut to `max` in front of
 * what is appended. None where the text is empty.
 */
export function numbered(text: string, object: { id: ObjectId }, max: number): string[] {
  if (text === '') return [];
  const endings = ['', '2', '3', '4', '5', '6', '7', '8', '9', `-${object.id.slice(-4)}`];
  return endings.map((ending) => `${cut(text, max - ending.length)}${ending}`);
}

/** What stands before the last `@`; the whole text where there is none. */
export function localPart(address: string | null | undefined): string {
  const text = cleanText(address);
  const at = text.lastIndexOf('@');
  return at < 0 ? text : text.slice(0, at);
}

/** What stands behind the last `@`; empty where there is none. */
export function suffixOf(address: string | null | undefined): string {
  const text = cleanText(address);
  const at = text.lastIndexOf('@');
  return at < 0 ? '' : text.slice(at + 1);
}

/** The last 12 hex digits of the object's id. */
export function lastTwelve(object: { id: ObjectId }): string {
  return object.id.slice(-12);
}

/** The first 18 hex digits of the object's id. */
export function firstEighteen(object: { id: ObjectId }): string {
  return object.id.replaceAll('-', '').slice(0, 18);
}
