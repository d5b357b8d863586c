import { randomInt } from 'node:crypto';
import { areFree, listen } from '../listen.ts';

/**
 * Blocks of ports below the range that the system gives to outgoing connections, one of which could take the port of a part that
 * restarts. The first port of a block is its lock: whoever has the block listens there until the process ends, so that no other
 * stack takes a port of a part that is just not running.
 */
const lowest = 20_000;
const blocks = 750;
const blockSize = 16;

const attempts = 100;

/** Up to 15 free TCP ports on 127.0.0.1, held for this process until it ends. */
export async function freePorts(count: number): Promise<number[]> {
  if (count >= blockSize) throw new RangeError(`at most ${blockSize - 1} ports`);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const first = lowest + blockSize * randomInt(blocks);
    const ports = Array.from({ length: count }, (_, at) => first + 1 + at);
    const lock = await listen('127.0.0.1', first);
    if (lock === undefined) continue;
    if (await areFree('127.0.0.1', ports)) {
      lock.unref();
      return ports;
    }
    lock.close();
  }
  throw new Error(`no ${count} free ports after ${attempts} attempts`);
}
