import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CheckedItems, checkItems, type ItemError } from './check-items.ts';
import type { Envelope } from './envelope.ts';

/** What the endpoint has received so far. `refused` tells why, without values. */
export type Received = { requests: number; items: Envelope[]; refused: ItemError[] };

/**
 * Keeps everything that was received, in memory and as the sender wrote it in a file: one body a line. A line is handed to the
 * operating system before the request is answered, so that it outlives `kill -9` of this process.
 */
export class Store {
  readonly received: Received = { requests: 0, items: [], refused: [] };
  readonly #file: number;
  readonly #key: string;

  constructor(path: string, instrumentationKey: string) {
    this.#key = instrumentationKey;
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) this.#remember(path);
    this.#file = openSync(path, 'a', 0o600);
  }

  /** Throws SyntaxError where the body is not JSON. */
  add(body: string): CheckedItems {
    const checked = checkItems(body, this.#key);
    const line = body.trim();
    // A JSON array over several lines is the only body whose lines cannot stand alone.
    const lines = line.startsWith('[') && line.includes('\n') ? JSON.stringify(JSON.parse(line)) : line;
    const bytes = Buffer.from(`${lines}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    this.#count(checked);
    return checked;
  }

  close(): void {
    closeSync(this.#file);
  }

  #count({ accepted, errors }: CheckedItems): void {
    this.received.requests += 1;
    for (const item of accepted) this.received.items.push(item);
    this.received.refused.push(...errors);
  }

  /** A kill in the middle of a write leaves half a line, which was never answered. */
  #remember(path: string): void {
    const bytes = readFileSync(path);
    const end = bytes.lastIndexOf('\n') + 1;
    truncateSync(path, end);
    const lines = bytes.subarray(0, end).toString('utf8').split('\n');
    for (const line of lines) if (line !== '') this.#count(checkItems(line, this.#key));
  }
}
