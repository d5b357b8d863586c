import type { Delivered } from './decode.ts';

/** The messages of a batch with their ids, as a trigger gives them (`messageIdArray` of its metadata). */
export function deliveredOf(
  messages: unknown,
  metadata: Readonly<Record<string, unknown>> | undefined,
): Delivered[] {
  const bodies: unknown[] = Array.isArray(messages) ? messages : [messages];
  const ids = metadata?.['messageIdArray'];
  return bodies.map((body, at) => {
    const id: unknown = Array.isArray(ids) ? ids[at] : undefined;
    return { body, messageId: typeof id === 'string' ? id.slice(0, 128) : undefined };
  });
}
