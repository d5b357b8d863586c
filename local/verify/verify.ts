import { setTimeout as sleep } from 'node:timers/promises';
import { type GraphCaller, graphCaller } from '../graph-caller.ts';
import { readBaseline, saveIdentities } from './baseline.ts';
import { compare, type Verdict } from './compare.ts';
import { readDirectory } from './directory-state.ts';
import { directoryName, type VerifyEndpoints } from './endpoints.ts';
import { readTenant } from './tenant-state.ts';

/** Where to look, and the folder (`.local`) with what is remembered between two looks. */
export type Verification = { endpoints: VerifyEndpoints; folder: string };

/** Reads both sides anew, compares them, and remembers the identities that were seen. */
export async function verifyOnce(verification: Verification, graph: GraphCaller): Promise<Verdict> {
  const { endpoints, folder } = verification;
  const place = { folder, directory: directoryName(endpoints.directory) };
  const [tenant, directory] = await Promise.all([readTenant(graph), readDirectory(endpoints.directory)]);
  const verdict = compare(tenant, directory, await readBaseline(place));
  await saveIdentities(place, verdict.identities);
  return verdict;
}

const pauseMs = 2_000;

/** Looks every 2 s until nothing differs or the time is over; answers the last look. Between looks a part may be away. */
export async function verifyWithin(
  verification: Verification,
  waitMs: number,
  onLook: (verdict: Verdict | Error) => void,
): Promise<Verdict> {
  const graph = await graphCaller(verification.endpoints.graph);
  const deadline = Date.now() + waitMs;
  try {
    for (;;) {
      const look = await verifyOnce(verification, graph).catch(asError);
      const isLast = Date.now() + pauseMs > deadline;
      if (look instanceof Error ? isLast : isLast || look.differences.length === 0) {
        if (look instanceof Error) throw look;
        return look;
      }
      onLook(look);
      await sleep(pauseMs);
    }
  } finally {
    graph.close();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
