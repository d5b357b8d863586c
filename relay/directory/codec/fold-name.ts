/**
 * A name as AD compares it: without case, diacritics and width; ß is ss ("cannot add user, object names differ only by a diacritic
 * mark", Microsoft support).
 */
export function foldName(name: string): string {
  return name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}
