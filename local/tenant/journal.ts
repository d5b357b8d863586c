import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from './directory/changes.ts';

/**
 * Append-only file of everything that happened, one JSON object per line. A line is handed to the operating system before
 * the request is answered: that outlives `kill -9` of this process (not a power cut, which is not this file's business).
 */
export class Journal {
  readonly #file: number;
  readonly #path: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, 'tenant.ndjson');
    this.#cutTornLine();
    this.#file = openSync(this.#path, 'a');
  }

  /** All entries, oldest first. */
  *entries(): Generator<Entry> {
    for (const line of readFileSync(this.#path, 'utf8').split('\n')) {
      if (line !== '') yield JSON.parse(line) as Entry;
    }
  }

  append(entries: readonly Entry[]): void {
    const bytes = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#file, bytes, written);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** A kill in the middle of a write leaves half a line, which nobody was promised. */
  #cutTornLine(): void {
    if (!existsSync(this.#path)) return;
    const bytes = readFileSync(this.#path);
    truncateSync(this.#path, bytes.lastIndexOf('\n') + 1);
  }
}
