import { expect } from 'vitest';
import { type Answer, type Body, deltaLinkIn, type Item, openWorld, type World } from './world.ts';

/** Each behaviour alone, so that a test sees what it does and nothing else. */
export async function awkward<T>(
  name: string,
  run: (world: World) => Promise<T>,
  pageSize = 100,
): Promise<T> {
  const world = await openWorld({ awkward: name, pageSize });
  try {
    const result = await run(world);
    const { body } = await world.call('GET', `${world.tenant.controlUrl}/counters`);
    expect((body['awkward'] as Record<string, number>)[name]).toBeGreaterThan(0);
    return result;
  } finally {
    await world.close();
  }
}

/** A read as an application. */
export const asApp = (world: World, path: string): Promise<Answer> =>
  world.call('GET', path, undefined, { token: world.tenant.appToken });

/** Pages of a round as an application reads them. */
export async function round(world: World, start: string): Promise<{ pages: Body[]; link: string }> {
  const pages: Body[] = [];
  for (let next: string | undefined = start; next !== undefined; ) {
    const { body }: Answer = await asApp(world, next);
    pages.push(body);
    next = body['@odata.nextLink'] as string | undefined;
  }
  return { pages, link: deltaLinkIn(pages.at(-1)) };
}
/** New users. */
export const users = (count: number, world: World) =>
  Promise.all(Array.from({ length: count }, () => world.user()));
/** Members for a create or a PATCH. */
export const bind = (world: World, ids: readonly string[]) => ({
  'members@odata.bind': ids.map((id) => world.reference(id)['@odata.id']),
});
/** The member entries of a delta item. */
export const deltaMembers = (item: Item): Item[] => (item['members@delta'] ?? []) as Item[];
