import { z } from 'zod';
import { WritebackError } from '../../errors.ts';
import type { GraphAnswer, GraphCall } from './graph-call.ts';
import { parse } from './parse-object.ts';
import { unexpectedStatus } from './unexpected-status.ts';

/** What reading a list takes; `origin` of Graph: a next link that leads elsewhere is not followed. */
export type Lists = { call: GraphCall; origin: string };

const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

/** All entries of a list, page by page; `missing` where its owner is not there (any more). */
export async function readPages(lists: Lists, first: string): Promise<unknown[] | 'missing'> {
  return await restOfPages(lists, await lists.call({ method: 'GET', path: first }));
}

/** The same from the answer to the first page on, which may have come in a batch. */
export async function restOfPages(lists: Lists, first: GraphAnswer): Promise<unknown[] | 'missing'> {
  const entries: unknown[] = [];
  for (let answer = first; ; ) {
    if (answer.status === 404) return 'missing';
    if (answer.status !== 200) throw unexpectedStatus(answer.status, answer.body);
    const page = parse(pageSchema, answer.body, 'a page of directory objects');
    entries.push(...page.value);
    const next = page['@odata.nextLink'];
    if (next === undefined) return entries;
    if (!URL.canParse(next) || new URL(next).origin !== lists.origin)
      throw new WritebackError('graph-invalid', { detail: 'a next link to another host' });
    answer = await lists.call({ method: 'GET', path: next });
  }
}
