/**
 * A distinguished name as its parts, unescaped and in lower case: the only form in which two of them may be compared,
 * because servers escape as they like (RFC 4514).
 */
export function dnParts(dn: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at <= dn.length; at++) {
    if (dn[at] === '\\') at++;
    else if (at === dn.length || dn[at] === ',') {
      parts.push(unescaped(dn.slice(start, at)).trim().toLowerCase());
      start = at + 1;
    }
  }
  return parts;
}

/** One text per name, equal for equal names. */
export const dnKey = (dn: string): string => dnParts(dn).join('\n');

/** Whether the entry is a direct child of the container. */
export const isChildOf = (dn: string, container: string): boolean =>
  dnParts(dn).slice(1).join('\n') === dnKey(container);

/** Whether the entry is somewhere below the container. */
export const isBelow = (dn: string, container: string): boolean =>
  dnKey(dn).endsWith(`\n${dnKey(container)}`);

/** `\2C` and `\,` → `,`; a run of hex pairs is UTF-8. */
function unescaped(text: string): string {
  const hexRun = /(?:\\[0-9a-f]{2})+/gi;
  const decoded = text.replace(hexRun, (run) =>
    Buffer.from(run.replaceAll('\\', ''), 'hex').toString('utf8'),
  );
  return decoded.replaceAll(/\\(.)/g, '$1');
}
