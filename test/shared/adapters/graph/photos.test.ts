import { expect, it } from 'vitest';
import type { GraphAnswer, GraphCall } from '../../../../shared/adapters/graph/graph-call.ts';
import { tenantOver } from '../../../../shared/adapters/graph/tenant-over.ts';
import type { ObjectId } from '../../../../shared/domain/object-id.ts';
import { epochMs } from '../../../../shared/domain/time.ts';

/** Photos that Graph does not give, which the tenant simulator has no way to play. */
const [ann, bob, cat] = [1, 2, 3].map((n) => `aaaaaaaa-0000-4000-8000-00000000000${n}` as ObjectId) as [
  ObjectId,
  ObjectId,
  ObjectId,
];
type Inner = { status: number; body?: unknown; headers?: Record<string, string> };

/** A port over a Graph that has these users; photos are answered by `photo`, how often they were asked is counted. */
function portWith(photo: (id: string, path: string) => Inner) {
  const asked: string[] = [];
  const innerOf = (url: string): Inner => {
    const id = url.split(/[/?]/)[2] ?? '';
    if (url.includes('/photo')) asked.push(url);
    if (url.includes('/photo')) return photo(id, url);
    return { status: 200, body: { id, userPrincipalName: `${id}@contoso.example`, accountEnabled: true } };
  };
  const call: GraphCall = async ({ path, body }): Promise<GraphAnswer> => {
    if (path !== '/$batch') return { retryAfterMs: undefined, body: undefined, ...innerOf(path) };
    const { requests } = body as { requests: { id: string; url: string }[] };
    const responses = requests.map(({ id, url }) => ({ id, ...innerOf(url) }));
    return { status: 200, body: { responses }, retryAfterMs: undefined };
  };
  const clock = { now: () => epochMs(0), sleep: async () => {} };
  const origin = 'https://graph.example';
  return { asked, port: tenantOver({ call, origin, patience: { clock, random: () => 0 }, photo: true }) };
}

async function photosOf(port: ReturnType<typeof portWith>['port']): Promise<unknown[]> {
  const looked = await port.lookUsers([ann, bob, cat], { photo: true });
  return [...looked.values()].map((one) => (one.found === 'live' ? one.object.photo : one.found));
}

it.each([
  ['refused', { status: 403, body: { error: { code: 'ErrorAccessDenied' } } }],
  ['refused for want of a token', { status: 401 }],
  ['answered with a mailbox error', { status: 400 }],
  ['no picture at all', { status: 200, body: { not: 'a picture' } }],
  ['not there for long', { status: 503 }],
  ['not there for longer', { status: 503, headers: { 'Retry-After': '600' } }],
])(
  '[users.attributes.photo] one that is %s is left alone, and everything else is read',
  async (_, answer) => {
    const { port } = portWith((id) =>
      id === bob ? answer : id === cat ? { status: 404 } : { status: 200, body: 'AAAA' },
    );
    expect(await photosOf(port)).toEqual(['AAAA', undefined, null]);
  },
);

it('[users.attributes.photo] an outage is asked about again before it is given up', async () => {
  let failures = 2;
  const { port } = portWith((id) =>
    id === bob && failures-- > 0 ? { status: 503 } : { status: 200, body: 'AAAA' },
  );
  expect(await photosOf(port)).toEqual(['AAAA', 'AAAA', 'AAAA']);
});

it('[users.attributes.photo] throttling is Graph’s word to us, not about a photo: it is handed on', async () => {
  const { port } = portWith(() => ({ status: 429, headers: { 'Retry-After': '60' } }));
  await expect(photosOf(port)).rejects.toMatchObject({ code: 'graph-throttled', retryAfterMs: 60_000 });
});

it('[users.attributes.photo] a place that cannot be read is not followed by smaller ones', async () => {
  const { port, asked } = portWith(() => ({ status: 403 }));
  await photosOf(port);
  expect(asked).toHaveLength(3);
});
