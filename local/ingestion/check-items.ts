import { type Envelope, envelopeSchema } from './envelope.ts';

/** Why an item was refused, in the words of the endpoint's answer. */
export type ItemError = { index: number; statusCode: number; message: string };

/** What became of the items of one body. */
export type CheckedItems = { received: number; accepted: Envelope[]; errors: ItemError[] };

const mostItems = 64_000;
const mostItemBytes = 64 * 1_024;

/**
 * Reads a body, which is a JSON array or one JSON object a line, and holds every item against the schema and the instrumentation key.
 * Throws SyntaxError where it is not JSON.
 */
export function checkItems(body: string, instrumentationKey: string): CheckedItems {
  const items = itemsOf(body);
  const accepted: Envelope[] = [];
  const errors: ItemError[] = [];
  for (const [index, item] of items.entries()) {
    const problem = index < mostItems ? sizeProblem(item) : `a batch has at most ${mostItems} items`;
    const parsed = envelopeSchema.safeParse(item);
    if (problem !== undefined) errors.push(refusal(index, problem));
    else if (!parsed.success) errors.push(refusal(index, schemaProblems(parsed.error.issues)));
    else if (parsed.data.iKey.toLowerCase() !== instrumentationKey.toLowerCase())
      errors.push(refusal(index, 'Invalid instrumentation key'));
    else accepted.push(parsed.data);
  }
  return { received: items.length, accepted, errors };
}

function itemsOf(body: string): unknown[] {
  const text = body.trim();
  if (text.startsWith('[')) return JSON.parse(text) as unknown[];
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}

const refusal = (index: number, message: string): ItemError => ({ index, statusCode: 400, message });

const sizeProblem = (item: unknown): string | undefined =>
  Buffer.byteLength(JSON.stringify(item)) > mostItemBytes ? 'an item has at most 64 KB' : undefined;

/** Field and rule, without the value. */
const schemaProblems = (issues: readonly { path: readonly PropertyKey[]; message: string }[]): string =>
  issues.map(({ path, message }) => `Field '${path.join('.')}': ${message}`).join('; ');
