import type { ObjectId } from '../../domain/object-id.ts';
import type { BatchPart, GraphBatch } from './batch.ts';
import type { GraphAnswer } from './graph-call.ts';

/** The most that AD's thumbnailPhoto takes, bytes. */
const mostBytes = 100 * 1024;

/**
 * In this order until one is there and small enough: the size that Windows shows; the picture as it was uploaded, where that size
 * was never made (users without a mailbox); then smaller and smaller ones.
 */
const places = ['photos/96x96', 'photo', 'photos/64x64', 'photos/48x48'] as const;

/**
 * Photos of users in base64; null for a user without one, or with none that fits. Who is not in the answer has a photo that cannot
 * be read (refused, or an outage of the store of photos, which is not the directory's): no reason to hold up its other properties.
 * Photos live beside the directory: they are read on their own, no delta names them and no notification comes when one changes.
 */
export async function readPhotos(
  batch: GraphBatch,
  users: readonly ObjectId[],
): Promise<Map<ObjectId, string | null>> {
  const photos = new Map<ObjectId, string | null>();
  let open = [...users];
  for (const place of places) {
    const answers = open.length === 0 ? [] : await batch(new Map(open.map((id) => [id, partOf(id, place)])));
    const elsewhere: ObjectId[] = [];
    for (const [id, answer] of answers) {
      const photo = photoIn(answer);
      if (photo === 'unreadable') continue;
      if (photo === 'none' && place === 'photo') photos.set(id, null);
      else if (photo === 'none' || Buffer.byteLength(photo.base64, 'base64') > mostBytes) elsewhere.push(id);
      else photos.set(id, photo.base64);
    }
    open = elsewhere;
  }
  for (const id of open) photos.set(id, null);
  return photos;
}

const partOf = (id: ObjectId, place: (typeof places)[number]): BatchPart => ({
  method: 'GET',
  path: `/users/${id}/${place}/$value`,
  binary: true,
  optional: true,
});

function photoIn({ status, body }: GraphAnswer): { base64: string } | 'none' | 'unreadable' {
  if (status === 404) return 'none';
  return status === 200 && typeof body === 'string' && body !== '' ? { base64: body } : 'unreadable';
}
