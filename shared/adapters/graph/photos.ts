import type { ObjectId } from '../../domain/object-id.ts';
import { WritebackError } from '../../errors.ts';
import type { BatchPart, GraphBatch } from './batch.ts';
import { unexpectedStatus } from './unexpected-status.ts';

/** The most that AD's thumbnailPhoto takes, bytes. */
const mostBytes = 100 * 1024;

/**
 * In this order until one is there and small enough: the size that Windows shows; the picture as it was uploaded, where that size
 * was never made (users without a mailbox); then smaller and smaller ones.
 */
const places = ['photos/96x96', 'photo', 'photos/64x64', 'photos/48x48'] as const;

/**
 * Photos of users in base64; null for a user without one, or with none that fits. Photos live beside the directory: they are
 * read on their own, no delta names them and no notification comes when one changes.
 */
export async function readPhotos(
  batch: GraphBatch,
  users: readonly ObjectId[],
): Promise<Map<ObjectId, string | null>> {
  const photos = new Map<ObjectId, string | null>();
  let open = [...users];
  for (const place of places) {
    const answers = open.length === 0 ? [] : await batch(new Map(open.map((id) => [id, partOf(id, place)])));
    for (const [id, { status, body }] of answers) {
      if (status !== 200 && status !== 404) throw unexpectedStatus(status, body);
      const photo = status === 200 ? photoIn(body) : undefined;
      if (photo !== undefined && Buffer.byteLength(photo, 'base64') <= mostBytes) photos.set(id, photo);
      else if (status === 404 && place === 'photo') photos.set(id, null);
    }
    open = open.filter((id) => !photos.has(id));
  }
  for (const id of open) photos.set(id, null);
  return photos;
}

const partOf = (id: ObjectId, place: (typeof places)[number]): BatchPart => ({
  method: 'GET',
  path: `/users/${id}/${place}/$value`,
  binary: true,
});

function photoIn(body: unknown): string {
  if (typeof body === 'string' && body !== '') return body;
  throw new WritebackError('graph-invalid', { detail: 'a photo that is no base64 text' });
}
