import rhea from 'rhea';
import { expect, test } from 'vitest';
import { tokenOfTag, tokenOfUuid } from '../../../../local/broker/codec/lock-token.ts';
import { batchFormat, readTransfer } from '../../../../local/broker/codec/read-message.ts';
import { ticksOf } from '../../../../local/broker/codec/ticks.ts';
import { writeMessage } from '../../../../local/broker/codec/write-message.ts';
import type { StoredMessage } from '../../../../local/broker/engine/message.ts';

const sent = {
  ttl: 5000,
  message_id: 'id',
  group_id: 'session',
  subject: 'a subject',
  message_annotations: { 'x-opt-partition-key': 'p', 'x-opt-scheduled-enqueue-time': new Date(123_456) },
  application_properties: { text: 'ü', big: 'x'.repeat(400) },
  body: rhea.message.data_section(Buffer.from('{"a":1}')),
};

function stored(payload: Buffer, changed: Partial<StoredMessage> = {}): StoredMessage {
  return {
    sequence: 300,
    enqueueSequence: 299,
    messageId: 'id',
    sessionId: 'session',
    enqueuedAt: 1_700_000_000_000,
    expiresAt: 1_700_000_005_000,
    payload,
    deliveryCount: 2,
    overlay: {},
    ...changed,
  };
}

test('a message is read without its body being touched', () => {
  const bytes = rhea.message.encode(sent);
  expect(readTransfer(bytes, 0)).toEqual([
    { messageId: 'id', sessionId: 'session', timeToLiveMs: 5000, dueAt: 123_456, payload: bytes },
  ]);
});

test('a batch is the messages in the data sections of the outer one', () => {
  const inner = ['1', '2', '3'].map((id) => rhea.message.encode({ message_id: id, body: 'x'.repeat(300) }));
  const outer = rhea.message.encode({ message_id: '1', body: rhea.message.data_sections(inner) });
  const messages = readTransfer(outer, batchFormat);
  expect(messages.map((message) => message.messageId)).toEqual(['1', '2', '3']);
  expect(messages.map((message) => message.payload)).toEqual(inner);
});

test('a delivery carries what was sent, the annotations of the broker and the failed deliveries', () => {
  const bytes = writeMessage(stored(rhea.message.encode(sent)), {
    lockedUntil: 1_700_000_001_000,
    deadLetterSource: 'q',
  });
  const shown = rhea.message.decode(bytes);
  expect(shown).toMatchObject({
    ttl: 5000,
    delivery_count: 2,
    message_id: 'id',
    group_id: 'session',
    subject: 'a subject',
    application_properties: sent.application_properties,
  });
  expect(shown['message_annotations']).toMatchObject({
    'x-opt-partition-key': 'p',
    'x-opt-sequence-number': 300,
    'x-opt-enqueue-sequence-number': 299,
    'x-opt-enqueued-time': new Date(1_700_000_000_000),
    'x-opt-locked-until': new Date(1_700_000_001_000),
    'x-opt-deadletter-source': 'q',
  });
  expect(shown['body'].content.toString()).toBe('{"a":1}');
});

test('properties of the broker are laid over those of the sender', () => {
  const message = stored(rhea.message.encode(sent), {
    overlay: { DeadLetterReason: 'why', text: 'changed' },
  });
  const shown = rhea.message.decode(writeMessage(message, {}));
  expect(shown['application_properties']).toEqual({
    ...sent.application_properties,
    DeadLetterReason: 'why',
    text: 'changed',
  });
});

test('a message without properties gets its dead-letter reason too', () => {
  const message = stored(rhea.message.encode({ body: 'text' }), { overlay: { DeadLetterReason: 'why' } });
  expect(rhea.message.decode(writeMessage(message, {}))).toMatchObject({
    application_properties: { DeadLetterReason: 'why' },
    body: 'text',
  });
});

test.each([[Buffer.from('text')], [Buffer.from([0, 0x53])], [Buffer.from([0, 0x53, 0x75, 0xa0, 9, 1])]])(
  'bytes that are no message are refused: %o',
  (bytes) => {
    expect(() => readTransfer(bytes, 0)).toThrow(RangeError);
  },
);

test('a delivery tag and the uuid of the same lock are one token (.NET byte order)', () => {
  const tag = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const uuid = Buffer.from('33221100554477668899aabbccddeeff', 'hex');
  expect(tokenOfUuid(uuid)).toBe(tokenOfTag(tag));
});

test('ticks: 1970-01-01 is 621355968000000000, a millisecond is 10,000', () => {
  expect(ticksOf(0).readBigInt64BE()).toBe(621_355_968_000_000_000n);
  expect(ticksOf(1500).readBigInt64BE()).toBe(621_355_968_015_000_000n);
});
