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
    const page = pageOf(lists, answer);
    if (page === 'missing') return 'missing';
    entries.push(...page.entries);
    if (page.next === undefined) return entries;
    answer = await lists.call({ method: 'GET', path: page.next });
  }
}

/** All entries of a list that is no longer than a page; `many` where it is. */
export async function readOnePage(lists: Lists, path: string): Promise<unknown[] | 'missing' | 'many'> {
  const page = pageOf(lists, await lists.call({ method: 'GET', path }));
  if (page === 'missing') return 'missing';
  return page.next === undefined ? page.entries : 'many';
}

type Page = { entries: unknown[]; next: string | undefined };

function pageOf({ origin }: Lists, { status, body }: GraphAnswer): Page | 'missing' {
  if (status === 404) return 'missing';
  if (status !== 200) throw unexpectedStatus(status, body);
  const { value, '@odata.nextLink': next } = parse(pageSchema, body, 'a page of directory objects');
  if (next !== undefined && !(URL.canParse(next) && new URL(next).origin === origin))
    throw new WritebackError('graph-invalid', { detail: 'a next link to another host' });
  return { entries: value, next };
}
