import type { ReceivedSpan } from './received.ts';

/** Why the spans of a trace are not one tree. */
export type TreeProblem = {
  traceId: string;
  problem: 'no root' | 'two roots' | 'orphan';
  spans: ReceivedSpan[];
};

/**
 * Every trace that is not one tree: it has no root or several, or a span whose parent was never received. A span that stands twice
 * (an exporter sends again what it got no answer for) counts once.
 */
export function treeProblems(spans: readonly ReceivedSpan[]): TreeProblem[] {
  const unique = [...new Map(spans.map((span) => [`${span.traceId} ${span.id}`, span])).values()];
  const traces = Map.groupBy(unique, ({ traceId }) => traceId);
  return [...traces].flatMap(([traceId, inTrace]) => problemsOf(traceId, inTrace));
}

function problemsOf(traceId: string, spans: ReceivedSpan[]): TreeProblem[] {
  const ids = new Set(spans.map(({ id }) => id));
  const roots = spans.filter(({ parentId }) => parentId === undefined);
  const orphans = spans.filter(({ parentId }) => parentId !== undefined && !ids.has(parentId));
  return [
    ...(roots.length === 0 ? [{ traceId, problem: 'no root' as const, spans }] : []),
    ...(roots.length > 1 ? [{ traceId, problem: 'two roots' as const, spans: roots }] : []),
    ...(orphans.length > 0 ? [{ traceId, problem: 'orphan' as const, spans: orphans }] : []),
  ];
}
