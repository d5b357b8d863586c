/** A route template of an HTTP trigger, ready to match: literals, `{name}`, `{name?}`, `{name:constraint}` and `{*rest}`. */
export type Route = { segments: readonly Segment[] };

type Segment =
  | { type: 'literal'; text: string }
  | { type: 'parameter'; name: string; optional: boolean }
  | { type: 'rest'; name: string };

/** Parses a template such as `notifications/{id}`; a constraint after `:` is accepted and not checked. */
export function parseRoute(template: string): Route {
  return { segments: splitPath(template).map(parseSegment) };
}

/** Matches a path (without query) and answers the parameters, decoded; undefined where it does not match. */
export function matchRoute(route: Route, path: string): Record<string, string> | undefined {
  const parts = splitPath(path);
  const parameters: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    const part = parts[index];
    if (segment.type === 'rest') {
      parameters[segment.name] = parts.slice(index).map(decode).join('/');
      return parameters;
    }
    if (part === undefined) {
      if (segment.type === 'parameter' && segment.optional) continue;
      return undefined;
    }
    if (segment.type === 'parameter') parameters[segment.name] = decode(part);
    else if (segment.text !== decode(part).toLowerCase()) return undefined;
  }
  return parts.length > route.segments.length ? undefined : parameters;
}

const splitPath = (path: string): string[] => path.split('/').filter((part) => part !== '');

function parseSegment(text: string): Segment {
  const inner = /^\{(.+)\}$/.exec(text)?.[1];
  if (inner === undefined) return { type: 'literal', text: text.toLowerCase() };
  if (inner.startsWith('*')) return { type: 'rest', name: inner.replace(/^\*+/, '') };
  const name = inner.split(/[:?=]/, 1)[0] ?? inner;
  return { type: 'parameter', name, optional: inner.endsWith('?') };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
