/** Which byte of the delivery tag stands where in the uuid (.NET GUID order; the swap undoes itself). */
const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** The engine's token (32 hex digits) as a delivery tag. */
export const tagOfToken = (token: string): Buffer => Buffer.from(token, 'hex');

/** The engine's token for a delivery tag. */
export const tokenOfTag = (tag: Buffer): string => tag.toString('hex');

/** The engine's token for a lock token as requests to $management name it (uuid bytes in the order of its text). */
export const tokenOfUuid = (uuid: Buffer): string =>
  Buffer.from(order.map((from) => uuid.readUInt8(from))).toString('hex');
