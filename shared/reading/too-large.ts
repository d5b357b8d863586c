import type { StateCommand } from '../contracts/command.ts';
import type { RefusedBody } from './deciding/decision.ts';

/** A Standard-tier message holds 256 KB; 8 KB are left for its properties and the frames around it. */
const mostBytes = (256 - 8) * 1_024;

/**
 * Why a state command cannot be sent, where no message holds it: an owner's mapping may give a thousand long values. Said here, because
 * Service Bus would refuse the whole step that the command is part of, and with it everybody on that page, again and again.
 */
export function tooLarge(message: StateCommand): RefusedBody | undefined {
  if (bytesOf(message) <= mostBytes) return undefined;
  const place = `${message.type}s.attributes.${largestAttributeOf(message)}`;
  const reason = `what is to be written does not fit into a message of 256 KB: let ${place} in writeback.config.ts give less`;
  const disables = message.type === 'user' && message.state === 'present' && !message.enabled;
  return { state: 'refused', code: 'value-refused', reason, ...(disables ? { disables } : {}) };
}

function largestAttributeOf(message: StateCommand): string {
  const values = message.state === 'present' ? { ...message.initial, ...message.attributes } : {};
  const [largest] = Object.entries(values).toSorted(([, a], [, b]) => bytesOf(b) - bytesOf(a));
  return largest?.[0] ?? 'any';
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
