import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger, LedgerEntry, LedgerRecord } from '../engine/ledger.ts';
import { decodeRecords, encodeRecord } from './record-codec.ts';

type Snapshot = () => Iterable<{ entry: LedgerEntry; payload?: Buffer }>;

const compactAboveBytes = 64 * 1024 * 1024;
const snapshotChunkBytes = 1024 * 1024;

/**
 * The durable ledger: an append-only file in the state folder. Facts gather in memory during one turn of the event loop and
 * `commit` writes them with one call before the connections write their answers (see amqp/wire-connection.ts): whatever a
 * client was told is in the file, and survives `kill -9`. It is not synced to the disk: it does not survive a power cut.
 * At start, and when it has grown well beyond what it says, it is replaced by a snapshot.
 */
export class Journal implements Ledger {
  readonly #path: string;
  #file: number | undefined;
  #pending: Buffer[] = [];
  #bytes = 0;
  #bytesAtSnapshot = 0;
  #snapshot: Snapshot = () => [];

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, 'journal.bin');
  }

  /** What earlier processes wrote. */
  read(): Iterable<LedgerRecord> {
    try {
      return decodeRecords(readFileSync(this.#path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Starts a new file with the snapshot; what was appended before is part of it. */
  open(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#compact();
  }

  append(entry: LedgerEntry, payload?: Buffer): void {
    this.#pending.push(encodeRecord(entry, payload));
  }

  commit(): void {
    if (this.#pending.length === 0 || this.#file === undefined) return;
    const bytes = this.#pending.length === 1 ? (this.#pending[0] as Buffer) : Buffer.concat(this.#pending);
    this.#pending = [];
    writeAll(this.#file, bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > compactAboveBytes + this.#bytesAtSnapshot * 3) this.#compact();
  }

  close(): void {
    this.commit();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #compact(): void {
    const next = `${this.#path}.next`;
    rmSync(next, { force: true });
    const file = openSync(next, 'a');
    this.#pending = [];
    this.#bytes = writeSnapshot(file, this.#snapshot());
    this.#bytesAtSnapshot = this.#bytes;
    renameSync(next, this.#path);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = file;
  }
}

function writeSnapshot(file: number, records: Iterable<{ entry: LedgerEntry; payload?: Buffer }>): number {
  let total = 0;
  let chunk: Buffer[] = [];
  let chunkBytes = 0;
  const flush = (): void => {
    writeAll(file, Buffer.concat(chunk));
    total += chunkBytes;
    chunk = [];
    chunkBytes = 0;
  };
  for (const { entry, payload } of records) {
    const record = encodeRecord(entry, payload);
    chunk.push(record);
    chunkBytes += record.length;
    if (chunkBytes > snapshotChunkBytes) flush();
  }
  flush();
  return total;
}

function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
