import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that may stand in a file instead: `NAME_FILE` holds its path. A trailing line feed is not part of it. */
export function secretOf(
  environment: Environment,
  name: string,
): { value: string | undefined } | { problem: string } {
  const value = environment[name] || undefined;
  const path = environment[`${name}_FILE`] || undefined;
  if (path === undefined) return { value };
  if (value !== undefined) return { problem: `${name}: set it or ${name}_FILE, not both` };
  const text = readText(path);
  if (text === undefined) return { problem: `${name}_FILE: cannot be read` };
  return { value: text.replace(/\r?\n$/, '') };
}

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
