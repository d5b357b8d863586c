import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of infra/ that is not what the compiler makes of the sources. `now` is absent where the file is. */
export type Change = { file: string; now: string | undefined; wanted: string };

/** What the compiler writes or formats. */
const generated = ['**/*.bicep', '*.bicepparam', 'main.json', '*.snapshot.json'];

/** What differs between the folder and the copy that the compiler has been through. */
export function changesBetween(folder: string, copy: string): Change[] {
  return globSync(generated, { cwd: copy })
    .toSorted()
    .flatMap((file) => {
      const wanted = textOf(join(copy, file)) ?? '';
      const now = textOf(join(folder, file));
      return now === wanted ? [] : [{ file, now, wanted }];
    });
}

/** Line feeds only and one at the end, whatever system the compiler ran on: git would make it so anyway. */
function textOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  return `${readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trimEnd()}\n`;
}

/** Writes what differs; a file that somebody has edited since it was copied is left alone. Answers with what was written. */
export function writeChanges(folder: string, changes: readonly Change[]): Change[] {
  const untouched = changes.filter(({ file, now }) => textOf(join(folder, file)) === now);
  for (const { file, wanted } of untouched) writeFileSync(join(folder, file), wanted);
  return untouched;
}

/** The first lines that differ, with `-` what is there and `+` what the sources give. */
export function linesOf({ now, wanted }: Change, most = 20): string[] {
  if (now === undefined) return ['+ (the file is missing)'];
  const [old, young] = [now.split('\n'), wanted.split('\n')];
  const start = commonLines(old, young);
  const end = commonLines(old.slice(start).toReversed(), young.slice(start).toReversed());
  const lines = [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...young.slice(start, young.length - end).map((line) => `+ ${line}`),
  ];
  return lines.length > most ? [...lines.slice(0, most), `… and ${lines.length - most} lines more`] : lines;
}

/** How many lines are the same from the beginning on. */
function commonLines(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((line, i) => line !== b[i]);
  return at === -1 ? Math.min(a.length, b.length) : at;
}
