/** One section of an encoded AMQP message: its descriptor code, the whole section, and the encoded value inside. */
export type Section = {
  readonly code: number;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
};

/** Section codes (AMQP 1.0, part 3.2). */
export const sectionCode = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  value: 0x77,
} as const;

/**
 * Finds the sections of an encoded message without decoding them: the broker passes bodies and properties on as they came.
 * Throws RangeError on bytes that are no message.
 */
export function sectionsOf(bytes: Buffer): Section[] {
  const sections: Section[] = [];
  for (let start = 0; start < bytes.length; ) {
    if (bytes[start] !== 0) throw new RangeError('not an AMQP section');
    const valueStart = endOfValue(bytes, start + 1);
    const end = endOfValue(bytes, valueStart);
    if (end > bytes.length) throw new RangeError('an AMQP section is cut off');
    // smallulong and ulong both end with the byte that matters.
    sections.push({ code: bytes.readUInt8(valueStart - 1), start, valueStart, end });
    start = end;
  }
  return sections;
}

/** The bytes in a Data section (vbin8 or vbin32). */
export function binaryOf(bytes: Buffer, section: Section): Buffer {
  const headBytes = bytes.readUInt8(section.valueStart) === 0xa0 ? 2 : 5;
  return bytes.subarray(section.valueStart + headBytes, section.end);
}

/** Where a value ends: the upper half of the constructor tells how its size is written (AMQP 1.0, part 1.2). */
function endOfValue(bytes: Buffer, at: number): number {
  const kind = bytes.readUInt8(at);
  if (kind === 0) return endOfValue(bytes, endOfValue(bytes, at + 1));
  const content = at + 1;
  switch (kind >> 4) {
    case 0x4:
      return content;
    case 0x5:
    case 0x6:
    case 0x7:
    case 0x8:
    case 0x9:
      return content + 2 ** ((kind >> 4) - 5);
    case 0xa:
    case 0xc:
    case 0xe:
      return content + 1 + bytes.readUInt8(content);
    case 0xb:
    case 0xd:
    case 0xf:
      return content + 4 + bytes.readUInt32BE(content);
    default:
      throw new RangeError('unknown AMQP constructor');
  }
}
