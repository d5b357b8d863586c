import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A line that was not JSON. */
export type TextLine = { text: string; stream: 'stdout' | 'stderr' };

/** Hands every line of a stream to the listener: parsed where it is a JSON object, as text where it is not. */
export function readLines(stream: Readable, name: TextLine['stream'], onLine: (line: object) => void): void {
  createInterface({ input: stream }).on('line', (text) => {
    if (text.trim() !== '') onLine(parse(text) ?? { text, stream: name });
  });
}

function parse(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
