import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ReceivedSpan, telemetryFrom } from '../ingestion/received.ts';
import type { Received } from '../ingestion/store.ts';
import { type TreeProblem, treeProblems } from '../ingestion/trace-trees.ts';
import type { OwnEndpoints } from '../stack/endpoints.ts';

/** What the stand-in of Application Insights has received. `refused`: items that break its schema. `torn`: traces that are not one tree. */
export type TelemetryResult = {
  spans: number;
  traces: number;
  events: number;
  metrics: number;
  refused: number;
  torn: number;
  /** One line for each of the first torn traces. */
  problems: string[];
};

/** Metrics and spans are sent every second. */
const leastMs = 3_000;
const longestMs = 20_000;
/** A parent is sent when it ends, after its children; work that began later than this may still be under way. */
const ripeMs = 10_000;
const mostProblems = 5;

/** Waits until what was measured has arrived and every trace is one tree, at the longest 20 s, and says what is there then. */
export async function telemetryArrived(endpoints: OwnEndpoints): Promise<TelemetryResult> {
  const begun = Date.now();
  for (;;) {
    await sleep(leastMs);
    const received = await readReceived(endpoints);
    const result = judged(received, Date.now());
    const isDone = result.torn === 0 && result.spans > 0;
    if (isDone || Date.now() - begun > longestMs) return judged(received, Date.now() - ripeMs);
  }
}

/** Of what ended before `until` (epoch ms) the traces are judged, of all the rest is counted. */
export function judged(received: Received, until: number): TelemetryResult {
  const { spans, events, metrics } = telemetryFrom(received.items);
  const torn = treeProblems(spans).filter((problem) => problem.spans.every((span) => endOf(span) < until));
  return {
    spans: spans.length,
    traces: new Set(spans.map(({ traceId }) => traceId)).size,
    events: events.length,
    metrics: metrics.length,
    refused: received.refused.length,
    torn: new Set(torn.map(({ traceId }) => traceId)).size,
    problems: torn.slice(0, mostProblems).map(problemLine),
  };
}

const endOf = ({ startedAt, durationMs }: ReceivedSpan): number => startedAt + durationMs;

function problemLine({ traceId, problem, spans }: TreeProblem): string {
  const byName = Map.groupBy(spans, ({ name, role }) => `${name} of ${role}`);
  const counted = [...byName].map(([name, alike]) => (alike.length === 1 ? name : `${alike.length} ${name}`));
  return `trace ${traceId}: ${problem} (${counted.join(', ')})`;
}

async function readReceived({ telemetry, graph }: OwnEndpoints): Promise<Received> {
  const ca = await readFile(graph.caFile);
  const url = telemetry?.receivedUrl ?? '';
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, { ca }, (response) => {
      json(response).then((body) => resolve(body as Received), reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
