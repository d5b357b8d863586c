import { createHash } from 'node:crypto';
import { type Command, commandSchema } from '../../shared/contracts/command.ts';
import { contractVersion, envelope } from '../../shared/contracts/envelope.ts';
import type { Refusal } from '../../shared/contracts/refusal.ts';
import { laneOf } from '../../shared/domain/lane.ts';
import type { EpochMs } from '../../shared/domain/time.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { Delivery } from './lane.ts';

export type Decoded = { command: Command } | { refusal: Refusal };

/**
 * The command in a message, or the refusal of it: text that is no JSON, breaks a rule of the contract, or is in the wrong
 * lane. Throws version-unknown for another contract version: that one must not be guessed at.
 */
export function decodeCommand(delivery: Delivery, lane: string, now: EpochMs): Decoded {
  let message: unknown;
  const refuse = (reason: string) => ({ refusal: refusalOf(delivery, { reason, now, message }) });
  try {
    message = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(delivery.body));
  } catch {
    return refuse('the body is not JSON');
  }
  const version = versionOf(message);
  if (version !== undefined && version !== contractVersion)
    throw new WritebackError('version-unknown', { detail: `version ${version} on the queue writes` });
  const parsed = commandSchema.safeParse(message);
  if (!parsed.success) return refuse(brokenRules(parsed.error.issues));
  if (laneOf(parsed.data.id) !== lane) return refuse(`session ${lane} is not the lane of the object`);
  return { command: parsed.data };
}

function versionOf(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null || !('v' in message)) return undefined;
  return typeof message.v === 'number' ? message.v : undefined;
}

/** Paths and kinds of rules, never the values that broke them. */
function brokenRules(issues: readonly { path: PropertyKey[]; code: string }[]): string {
  const rules = issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'body'}: ${issue.code}`);
  return rules.join('; ');
}

/** The trace that a message belongs to, where at least that can be read. */
function traceparentOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('traceparent' in message)) return undefined;
  return envelope.traceparent.safeParse(message.traceparent).data;
}

type Unusable = { reason: string; now: EpochMs; message: unknown };

function refusalOf(delivery: Delivery, { reason, now, message }: Unusable): Refusal {
  const traceparent = traceparentOf(message);
  return {
    v: 1,
    type: 'refusal',
    queue: 'writes',
    ...(delivery.messageId === undefined ? {} : { messageId: delivery.messageId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    reason,
    at: now,
    bytes: delivery.body.byteLength,
    sha256: createHash('sha256').update(delivery.body).digest('hex'),
  };
}
