const ticksAtEpoch = 621_355_968_000_000_000n;

/** Epoch milliseconds as .NET ticks, a signed 64-bit number in network order. */
export function ticksOf(epochMs: number): Buffer {
  const ticks = Buffer.alloc(8);
  ticks.writeBigInt64BE(BigInt(Math.floor(epochMs)) * 10_000n + ticksAtEpoch);
  return ticks;
}
