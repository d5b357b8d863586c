import { createHash } from 'node:crypto';
import { z } from 'zod';
import { contractVersion } from './contracts/envelope.ts';
import type { Refusal } from './contracts/refusal.ts';
import type { EpochMs } from './domain/time.ts';
import { WritebackError } from './errors.ts';

/** A message as a trigger hands it over: parsed JSON where it was JSON, else text. */
export type Delivered = { body: unknown; messageId: string | undefined };
export type Decoded<M> = { messages: M[]; refusals: Refusal[] };

const versionSchema = z.object({ v: z.number() });

/**
 * Checks what was delivered, message by message: what cannot be parsed becomes a refusal and holds nobody up. Throws
 * version-unknown for a message of another contract version, which is not broken, only not for this build.
 */
export function decode<M>(
  schema: z.ZodType<M>,
  delivered: readonly Delivered[],
  from: { queue: string; at: EpochMs },
): Decoded<M> {
  const decoded: Decoded<M> = { messages: [], refusals: [] };
  for (const one of delivered) {
    requireKnownVersion(one.body);
    const outcome = schema.safeParse(one.body);
    if (outcome.success) decoded.messages.push(outcome.data);
    else decoded.refusals.push(refusalOf(one, reasonOf(outcome.error), from));
  }
  return decoded;
}

function requireKnownVersion(body: unknown): void {
  const versioned = versionSchema.safeParse(body);
  if (!versioned.success || versioned.data.v === contractVersion) return;
  throw new WritebackError('version-unknown', { detail: `version ${versioned.data.v}` });
}

/** Where a message breaks which rule; zod's own messages name types and expected words, not what was received. */
function reasonOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(
      ({ path, code }) => `${path.map((part) => String(part).slice(0, 40)).join('.') || 'message'}: ${code}`,
    )
    .join('; ');
}

/** What is kept of a message that nobody can use: enough to find it again, nothing to leak. */
export function refusalOf(
  { body, messageId }: Delivered,
  reason: string,
  { queue, at }: { queue: string; at: EpochMs },
): Refusal {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  return {
    v: 1,
    type: 'refusal',
    queue,
    ...(messageId === undefined ? {} : { messageId }),
    reason,
    at,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}
