import type { LedgerEntry, LedgerRecord } from '../engine/ledger.ts';

const prefixBytes = 9;

/** One record: total length (u32), length of the JSON (u32), 1 if a payload follows (u8), JSON, payload. */
export function encodeRecord(entry: LedgerEntry, payload: Buffer | undefined): Buffer {
  const json = Buffer.from(JSON.stringify(entry));
  const record = Buffer.allocUnsafe(prefixBytes + json.length + (payload?.length ?? 0));
  record.writeUInt32BE(record.length, 0);
  record.writeUInt32BE(json.length, 4);
  record.writeUInt8(payload === undefined ? 0 : 1, 8);
  json.copy(record, prefixBytes);
  payload?.copy(record, prefixBytes + json.length);
  return record;
}

/** All whole records. A torn one at the end was never acknowledged to anybody, so it is dropped. */
export function* decodeRecords(file: Buffer): Iterable<LedgerRecord> {
  let offset = 0;
  while (offset + prefixBytes <= file.length) {
    const length = file.readUInt32BE(offset);
    if (length < prefixBytes || offset + length > file.length) return;
    const jsonEnd = offset + prefixBytes + file.readUInt32BE(offset + 4);
    const entry = JSON.parse(file.toString('utf8', offset + prefixBytes, jsonEnd)) as LedgerEntry;
    // Copied, so that one living message does not keep the whole file in memory.
    const payload =
      file.readUInt8(offset + 8) === 1 ? Buffer.from(file.subarray(jsonEnd, offset + length)) : undefined;
    yield { entry, payload };
    offset += length;
  }
}
