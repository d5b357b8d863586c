import { type RheaTyped, rhea } from '../amqp/rhea.ts';
import type { StoredMessage } from '../engine/message.ts';
import { type Section, sectionCode, sectionsOf } from './sections.ts';

/** How a message is shown to a receiver. `state` (x-opt-message-state, 2: scheduled) and `omitBody` are for peeking. */
export type Presentation = {
  readonly omitBody?: boolean;
  readonly lockedUntil?: number | undefined;
  readonly deadLetterSource?: string | undefined;
  readonly state?: number | undefined;
};

const { types } = rhea;
const scheduledState = 2;
export const presentScheduled: Presentation = { state: scheduledState };

/**
 * Encodes a stored message for delivery: the sender's own sections as they came, with a header and annotations of the broker,
 * and application properties where the broker or an abandon set some.
 */
export function writeMessage(message: StoredMessage, shown: Presentation): Buffer {
  const { payload } = message;
  const sections = sectionsOf(payload);
  const properties = sections.find((section) => section.code === sectionCode.applicationProperties);
  const overlaid = Object.keys(message.overlay).length > 0;
  const omitted = shown.omitBody === true ? sections.filter(isBody) : [];
  const parts: Buffer[] = [
    headerOf(message, sections),
    ...(omitted.length === 0 ? [] : [omittedSize(omitted)]),
    annotationsOf(message, shown, sections),
    ...sections
      .filter((section) => section.code === sectionCode.properties)
      .map((one) => payload.subarray(one.start, one.end)),
  ];
  if (overlaid) parts.push(overlay(message, properties));
  else if (properties !== undefined) parts.push(payload.subarray(properties.start, properties.end));
  for (const section of sections) {
    if (section.code > sectionCode.applicationProperties && !omitted.includes(section))
      parts.push(payload.subarray(section.start, section.end));
  }
  return Buffer.concat(parts);
}

const isBody = ({ code }: Section): boolean => code >= sectionCode.data && code <= sectionCode.value;

/** What Service Bus says of a body that it was asked to leave out (a live test of azure-sdk-for-js, pull request 21002). */
function omittedSize(body: readonly Section[]): Buffer {
  const bytes = body.reduce((sum, { start, end }) => sum + end - start, 0);
  return described(
    sectionCode.deliveryAnnotations,
    types.wrap_symbolic_map({ 'omitted-message-body-size': types.wrap_int(bytes) }),
  );
}

function headerOf(message: StoredMessage, sections: readonly Section[]): Buffer {
  const own = sections.find((section) => section.code === sectionCode.header);
  const sent = own === undefined ? {} : rhea.message.decode(message.payload.subarray(own.start, own.end));
  const ttl = typeof sent['ttl'] === 'number' ? types.wrap_uint(sent['ttl']) : null;
  // Fields: durable, priority, ttl, first-acquirer, delivery-count.
  return described(
    sectionCode.header,
    types.wrap_list([null, null, ttl, null, types.wrap_uint(message.deliveryCount)]),
  );
}

function annotationsOf(message: StoredMessage, shown: Presentation, sections: readonly Section[]): Buffer {
  const own = sections.find((section) => section.code === sectionCode.messageAnnotations);
  const sent = own === undefined ? {} : rhea.message.decode(message.payload.subarray(own.start, own.end));
  return described(
    sectionCode.messageAnnotations,
    types.wrap_symbolic_map({
      ...(sent['message_annotations'] as object | undefined),
      'x-opt-sequence-number': types.wrap_long(message.sequence),
      'x-opt-enqueue-sequence-number': types.wrap_long(message.enqueueSequence),
      'x-opt-enqueued-time': types.wrap_timestamp(message.enqueuedAt),
      ...(shown.lockedUntil === undefined
        ? {}
        : { 'x-opt-locked-until': types.wrap_timestamp(shown.lockedUntil) }),
      ...(shown.deadLetterSource === undefined ? {} : { 'x-opt-deadletter-source': shown.deadLetterSource }),
      ...(shown.state === undefined ? {} : { 'x-opt-message-state': types.wrap_int(shown.state) }),
    }),
  );
}

function overlay(message: StoredMessage, properties: Section | undefined): Buffer {
  const sent =
    properties === undefined
      ? {}
      : rhea.message.decode(message.payload.subarray(properties.start, properties.end));
  const merged = { ...(sent['application_properties'] as object | undefined), ...message.overlay };
  return described(sectionCode.applicationProperties, types.wrap_map(merged));
}

function described(code: number, value: RheaTyped): Buffer {
  const writer = new types.Writer();
  writer.write(types.described(types.wrap_ulong(code), value));
  return writer.toBuffer();
}
