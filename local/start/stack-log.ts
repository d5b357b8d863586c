import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Every line of every part, in `stack.log` of the folder: what to read when something looks odd. */
export type StackLog = { write(part: string, line: unknown): void; close(): void };

/** Begins the file anew. */
export async function openStackLog(folder: string): Promise<StackLog> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stream = createWriteStream(join(folder, 'stack.log'), { mode: 0o600 });
  return {
    write: (part, line) =>
      void stream.write(`${new Date().toISOString()} ${part.padEnd(9)} ${JSON.stringify(line)}\n`),
    close: () => void stream.end(),
  };
}
