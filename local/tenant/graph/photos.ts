import { type Photo, photoIn, photoSizes, sizedPhoto } from '../directory/photo.ts';
import type { Tenant } from '../tenant.ts';
import { type GraphAnswer, type GraphRequest, noContent, ok, param } from './exchange.ts';
import { liveObject } from './looking.ts';
import { badRequest, GraphProblem } from './problem.ts';

/** The most that a picture may have, bytes (profilePhoto update: 4 MB). */
const mostBytes = 4 * 1024 * 1024;

/** GET /users/{id}/photo: what there is, without the picture. */
export function getPhoto(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const { width, height, contentType } = photoOf(tenant, request);
  return ok({ '@odata.mediaContentType': contentType, id: `${width}x${height}`, width, height });
}

/** GET /users/{id}/photo/$value: the picture as it was put. */
export const getPhotoValue = (tenant: Tenant, request: GraphRequest): GraphAnswer =>
  pictureOf(photoOf(tenant, request));

/** GET /users/{id}/photos/{size}/$value: one of Graph's sizes; 404 where the picture is smaller. */
export function getSizedPhotoValue(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const wanted = param(request, 'size').toLowerCase();
  const size = photoSizes.find((one) => wanted === `${one}x${one}`);
  const sized = size === undefined ? undefined : sizedPhoto(photoOf(tenant, request), size);
  if (sized === undefined) throw photoMissing();
  return pictureOf(sized);
}

/** PUT /users/{id}/photo/$value: bytes, or in a batch base64. */
export function putPhoto(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const user = liveObject(tenant, request, 'user').id;
  const { body } = request;
  const bytes =
    body instanceof Uint8Array
      ? Buffer.from(body)
      : Buffer.from(typeof body === 'string' ? body : '', 'base64');
  if (bytes.length > mostBytes) throw new GraphProblem(413, 'ErrorImageTooLarge', 'The image is too large.');
  tenant.state.commit([{ op: 'photo', user, photo: readable(bytes) }]);
  return noContent;
}

/** DELETE /users/{id}/photo/$value */
export function deletePhoto(tenant: Tenant, request: GraphRequest): GraphAnswer {
  photoOf(tenant, request);
  const user = liveObject(tenant, request, 'user').id;
  tenant.state.commit([{ op: 'photo', user, photo: null }]);
  return noContent;
}

function readable(bytes: Buffer): Photo {
  try {
    return photoIn(bytes);
  } catch (error) {
    throw badRequest(String(error));
  }
}

function photoOf(tenant: Tenant, request: GraphRequest): Photo {
  const photo = tenant.state.directory.photos.get(liveObject(tenant, request, 'user').id);
  if (photo === undefined) throw photoMissing();
  return photo;
}

const photoMissing = (): GraphProblem =>
  new GraphProblem(404, 'ImageNotFound', "Exception of type 'ImageNotFoundException' was thrown.");

const pictureOf = ({ image, contentType }: Photo): GraphAnswer => ({
  status: 200,
  picture: { bytes: Buffer.from(image, 'base64'), contentType },
});
