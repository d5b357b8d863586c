import { describe, expect, test } from 'vitest';
import { photoIn, plainPicture, sizedPhoto } from '../../../../local/tenant/directory/photo.ts';

/** The beginning of a JPEG: start, an application segment, a baseline frame of 24 by 16 pixels, end. */
const jpeg = Buffer.from('ffd8ffe000040000ffc0000b080010001801011100ffd9', 'hex');

describe('photos', () => {
  test('tell their dimensions', () => {
    expect(photoIn(jpeg)).toMatchObject({ contentType: 'image/jpeg', width: 24, height: 16 });
    const png = plainPicture(64, Buffer.of(1, 2, 3));
    expect(photoIn(Buffer.from(png.image, 'base64'))).toMatchObject({
      contentType: 'image/png',
      width: 64,
      height: 64,
    });
    expect(() => photoIn(Buffer.from('neither the one nor the other'))).toThrow();
    expect(() => photoIn(Buffer.from('ffd8', 'hex'))).toThrow();
  });

  test('come in smaller sizes, never in larger ones', () => {
    const large = plainPicture(120, Buffer.of(1, 2, 3));
    expect(sizedPhoto(large, 240)).toBeUndefined();
    expect(sizedPhoto(large, 120)).toBe(large);
    expect(sizedPhoto(large, 96)).toMatchObject({ width: 96, height: 96 });
    expect(sizedPhoto(large, 96)).toEqual(sizedPhoto(large, 96));
    expect(sizedPhoto(large, 96)).not.toEqual(sizedPhoto(plainPicture(120, Buffer.of(9, 9, 9)), 96));
  });
});
