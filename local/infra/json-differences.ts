import { isDeepStrictEqual } from 'node:util';

/*
 * How generated files differ: snapshots resource by resource and property by property, as a plan is read. (`bicep snapshot --mode validate` does
 * the same, but 0.49.2 ends with an exception where a snapshot has resources of an extension, as those of Microsoft Graph are.)
 */

type Resource = { id?: string; type: string } & Record<string, unknown>;
type Snapshot = { predictedResources: Resource[]; outputs?: Record<string, unknown> };

/** Lines: `-` and `+` a resource that goes and comes, `~` one that changes, with the paths of what changes below it. */
export function snapshotDifferences(now: string, wanted: string): string[] {
  const [old, young] = [partsOf(now), partsOf(wanted)];
  return [
    ...[...old.keys()].filter((key) => !young.has(key)).map((key) => `- ${key}`),
    ...[...young.keys()].filter((key) => !old.has(key)).map((key) => `+ ${key}`),
    ...[...young].flatMap(([key, part]) => {
      const lines = old.has(key) ? valueDifferences(old.get(key), part, '') : [];
      return lines.length === 0 ? [] : [`~ ${key}`, ...lines.map((line) => `    ${line}`)];
    }),
  ];
}

/** Paths of what differs in two ARM templates; the hash of the whole always does, and says nothing. */
export function templateDifferences(now: string, wanted: string, most = 20): string[] {
  const lines = valueDifferences(JSON.parse(now), JSON.parse(wanted), '').filter(
    (line) => !/^\S*_generator\.templateHash: /.test(line),
  );
  return lines.length > most ? [...lines.slice(0, most), `… and ${lines.length - most} more`] : lines;
}

/** Resources by what tells them apart: the id without what all have in common; the whole content where there is no id. */
function partsOf(text: string): Map<string, unknown> {
  const { predictedResources, outputs = {} } = JSON.parse(text) as Snapshot;
  const keyOf = ({ id, type, properties }: Resource) =>
    id?.replace(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\//, '') ??
    `${type} ${JSON.stringify(properties)}`;
  return new Map<string, unknown>([
    ...predictedResources.map((resource) => [keyOf(resource), resource] as const),
    ...Object.entries(outputs).map(([name, value]) => [`output ${name}`, { value }] as const),
  ]);
}

function valueDifferences(now: unknown, wanted: unknown, path: string): string[] {
  if (isDeepStrictEqual(now, wanted)) return [];
  if (!isRecord(now) || !isRecord(wanted)) return [`${path}: ${short(now)} → ${short(wanted)}`];
  const keys = new Set([...Object.keys(now), ...Object.keys(wanted)]);
  return [...keys].flatMap((key) =>
    valueDifferences(now[key], wanted[key], path === '' ? key : `${path}.${key}`),
  );
}

/** Lists too, by index. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 200 ? `${text.slice(0, 200)} …` : text;
}
