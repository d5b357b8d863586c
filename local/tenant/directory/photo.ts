import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** A picture as kept: `image` in base64, width and height in pixels. */
export type Photo = { image: string; contentType: 'image/jpeg' | 'image/png'; width: number; height: number };

/** A JPEG or PNG with its dimensions. Throws where it is neither. */
export function photoIn(bytes: Buffer): Photo {
  const image = bytes.toString('base64');
  if (bytes.length > 24 && bytes.readUInt32BE(0) === pngStart)
    return { image, contentType: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  const frame = bytes.length > 4 && bytes.readUInt16BE(0) === jpegStart ? frameOf(bytes) : undefined;
  if (frame === undefined) throw new Error('A photo is a JPEG or a PNG.');
  return { image, contentType: 'image/jpeg', ...frame };
}

const pngStart = 0x89504e47;
const jpegStart = 0xffd8;

/** Dimensions by the frame header of a JPEG (ITU T.81, B.2.2): the segment SOF0 to SOF15 without DHT, JPG and DAC. */
function frameOf(bytes: Buffer): { width: number; height: number } | undefined {
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) return undefined;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
  }
  return undefined;
}

/** The sizes that Graph makes of a picture, where it is at least as large. */
export const photoSizes = [48, 64, 96, 120, 240, 360, 432, 504, 648] as const;

/**
 * A picture in one of the sizes; undefined where it is smaller. Nothing is scaled here: a smaller size is a PNG of one colour,
 * which depends on the picture, so that another picture gives another small one.
 */
export function sizedPhoto(photo: Photo, size: number): Photo | undefined {
  const longest = Math.min(photo.width, photo.height);
  if (longest < size) return undefined;
  return longest === size ? photo : plainPicture(size, createHash('sha256').update(photo.image).digest());
}

/** A square PNG of one colour (PNG specification: signature, IHDR, IDAT, IEND). */
export function plainPicture(size: number, colour: Uint8Array): Photo {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2], 8);
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(size * 3, colour.subarray(0, 3))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: size }, () => row)));
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const parts = [signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return photoIn(Buffer.concat(parts));
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
